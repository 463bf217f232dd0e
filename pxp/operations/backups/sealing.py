"""Encrypts backups with age: by a passphrase, or for a public key whose private half is kept elsewhere."""

import hashlib
import sys
import tempfile
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pyrage
from django.conf import settings

AGE_BEGINS = b"age-encryption.org/v1"
PIECE = 1024 * 1024
STANDARD_INPUT = Path("-")  # the private key need not be on the site's machine


class NotOpened(Exception):
    """The backup is encrypted, and its key is missing or wrong; the message says which."""


class BadKey(Exception):
    """A setting for encryption cannot be used; the message says which and why."""


def will_seal():
    """Return whether the settings say how to encrypt."""
    return bool(settings.BACKUP_AGE_KEY or settings.BACKUP_PASSPHRASE)


def is_for_a_key(path):
    """Whether a backup can be opened by the private key alone, which is kept elsewhere."""
    with Path(path).open("rb") as file:
        return file.read(len(AGE_BEGINS)) == AGE_BEGINS and not settings.BACKUP_PASSPHRASE


def seal(plain, sealed):
    """Encrypt one open binary file into another, then decrypt it again to verify it. Raises BadKey."""
    plain.seek(0)
    if settings.BACKUP_AGE_KEY:
        # The private half is not here, so a second, temporary key is used to verify that the file opens.
        try:
            receiver = pyrage.x25519.Recipient.from_str(settings.BACKUP_AGE_KEY)
        except pyrage.RecipientError:
            raise BadKey("BACKUP_AGE_KEY is not an age key: it begins with age1. Make one with age-keygen.") from None
        once = pyrage.x25519.Identity.generate()
        pyrage.encrypt_io(plain, sealed, [receiver, once.to_public()])
        sealed.flush()
        sealed.seek(0)
        with tempfile.TemporaryFile() as opened:
            pyrage.decrypt_io(sealed, opened, [once])
            is_same = digest(opened) == digest(plain)
    else:  # in memory: pyrage has no other way for a passphrase
        sealed.write(pyrage.passphrase.encrypt(plain.read(), settings.BACKUP_PASSPHRASE))
        sealed.flush()
        sealed.seek(0)
        is_same = digest(BytesIO(pyrage.passphrase.decrypt(sealed.read(), settings.BACKUP_PASSPHRASE))) == digest(plain)
    if not is_same:
        raise OSError("The encrypted backup does not open to what was written.")


def digest(file):
    """Return the SHA-256 of an open binary file, from its beginning."""
    file.seek(0)
    return hashlib.file_digest(file, "sha256").digest()


@contextmanager
def open_backup(path, *, identity=None):
    """Give a backup as an open binary file, decrypted if needed.

    Args:
        identity: the file with the private age key, if it was encrypted for one; or STANDARD_INPUT.

    Raises NotOpened.
    """
    with Path(path).open("rb") as file:
        is_sealed = file.read(len(AGE_BEGINS)) == AGE_BEGINS
        file.seek(0)
        if not is_sealed:
            yield file
            return
        with tempfile.TemporaryFile() as plain:
            unseal(file, plain, identity)
            plain.seek(0)
            yield plain


def unseal(sealed, plain, identity):
    """Decrypt one open binary file into another. Raises NotOpened."""
    try:
        if identity:
            lines = (sys.stdin.read() if identity == STANDARD_INPUT else Path(identity).read_text()).split("\n")
            keys = [
                pyrage.x25519.Identity.from_str(line.strip()) for line in lines if line.startswith("AGE-SECRET-KEY")
            ]
            pyrage.decrypt_io(sealed, plain, keys)
        elif settings.BACKUP_PASSPHRASE:
            plain.write(pyrage.passphrase.decrypt(sealed.read(), settings.BACKUP_PASSPHRASE))
        else:
            raise NotOpened(
                "This backup is encrypted. Set BACKUP_PASSPHRASE, or name the file with the private age key:"
                " --identity FILE (or - for standard input)"
            )
    except (pyrage.DecryptError, pyrage.IdentityError, UnicodeDecodeError):  # the last: that file holds no key
        raise NotOpened("This backup is encrypted, and this passphrase or key does not open it.") from None
