"""Compares names without accents and apostrophes, and domains by IDNA 2008: writes the keys of all people again."""

import re
import unicodedata

import idna
from django.db import IntegrityError, migrations, transaction

# As registration/addresses.py was at this time: a migration imports no code that may change.
_BARE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d"})
_APOSTROPHES = re.compile("['\u2018\u2019\u201b\u02b9\u02bb\u02bc\u02be\u02bf\u2032\uff07`\u00b4\u05f3\ua78c]")
_ACCENTS_ARE_FREE = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW")


def _key_of(text):
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", " ".join(text.split())).casefold())


def _key_of_name(name):
    letters, base = [], ""
    for character in unicodedata.normalize("NFD", unicodedata.normalize("NFKC", _APOSTROPHES.sub("", name)).casefold()):
        category = unicodedata.category(character)
        if category == "Mn" and base.startswith(_ACCENTS_ARE_FREE):
            continue
        if category[0] in "LN":
            base = unicodedata.name(character, "")
        if category != "Cf" and character != "\u0640":
            letters.append(" " if character == "." or category == "Pd" else character)
    text = "".join(letters).translate(_BARE)
    return unicodedata.normalize("NFC", " ".join(text.split())) or _key_of(name)


def _key_of_address(address):
    local, at, domain = " ".join(address.split()).rpartition("@")
    try:
        return f"{_key_of(local)}{at}{idna.decode(idna.encode(domain, uts46=True), uts46=True)}"
    except UnicodeError:
        return f"{_key_of(local)}{at}{_key_of(domain)}"


def write_keys(apps, schema_editor):
    """Write the keys of all people again. Two rows that are one person now keep the older keys: nothing is lost."""
    people = apps.get_model("registration", "Registrant").objects
    for pk, name, email, *keys in people.order_by("pk").values_list("pk", "name", "email", "name_key", "email_key"):
        new = [_key_of_name(name), _key_of_address(email)]
        if new == keys or len(new[0]) > 600:
            continue
        try:
            with transaction.atomic(using=schema_editor.connection.alias):
                people.filter(pk=pk).update(name_key=new[0], email_key=new[1])
        except IntegrityError:
            continue


class Migration(migrations.Migration):
    dependencies = [("registration", "0014_one_switch_for_reminders")]
    operations = [migrations.RunPython(write_keys, migrations.RunPython.noop, elidable=True)]
