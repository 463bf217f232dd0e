"""Reads CSV files that people made, in whatever encoding and with whatever separator their program wrote them."""

import codecs
import csv
import io
import re

from django.utils.translation import gettext as _

from .inspecting import CannotRead, refuse_old_workbook, too_many_columns, too_many_rows
from .reading import Sheet

SEPARATORS = ",;\t"
SAMPLE_ROWS = 50
LONGEST_CELL = 100_000
UNREADABLE = "\ufffd"  # replaces each byte that is invalid in the file's encoding
_SMALL, _LARGE, _LETTER = "a-zß-öø-ÿœšž", "À-ÖØ-ÞŒŠŽŸ", r"[^\W\d_]"
# Signs that stand behind no letter of a word.
_NO_LETTERS = rf"(?<={_LETTER})[‚„ˆ˜‰¢¤¬±¶¾¼½](?!\d)"
# Letters that were read in another encoding than they were written in: UTF-8 as Windows-1252 ("JosÃ©"), Polish letters
# ("Micha³"), or letters of Greek, Russian, Hebrew or Arabic as those of Western Europe ("Æàííà"), where four accented
# letters follow each other only if they are the same one, as in the Estonian "jäääär".
_GARBLED = re.compile(
    r"[ÂÃ][\u0080-\u00bf\u0152-\u0178\u2013-\u2122]|â€|(?!(.)\1{3})[À-ÖØ-öø-ÿ]{4}|(?<=[a-z]{3})[³¹]|" + _NO_LETTERS
)
# What words of a Mac are as Windows-1252, like "JŽr™me", and words of Windows never are; and the other way round.
_ODD = rf"\ufffd|{_NO_LETTERS}|(?<=[{_SMALL}])[{_LARGE}]|(?<={_LETTER})[{_LARGE}](?=[{_SMALL}])"
_ODD_ON_WINDOWS = re.compile(rf"{_ODD}|(?<={_LETTER})[“”•™†‡](?={_LETTER})")
# The last four are an apostrophe, quotation marks and dashes of Windows.
_ODD_ON_MACS = re.compile(
    rf"{_ODD}|(?<={_LETTER})[^\w\s\x00-\x7f’](?={_LETTER})|[à-öø-ÿ](?=[A-Z])|[∞≤≥≠≈∂∑∏π∫Ωı˘˙˚¸˝˛ˇ∆◊√ﬁﬂ⁄]"
    rf"|{_LETTER}í(?:s|t|d|m|re|ve|ll)\b|\bì(?={_LETTER})|î(?!\w)|(?<=\s)[ñó](?=\s)"
)
# What a formula without a result shows, in Excel's and LibreOffice's languages: #REF!, #NOM?, #N/A, Err:502.
_FORMULA_ERROR = re.compile(r"\s*(?:#N/[AD]|#NV|#¿?[^\W\d_/]{2,12}(?:/0)?[!?]|Err:\d{3})\s*")
# The beginnings of other files that programs call .csv or .xls: a web page, XML, JSON, PDF, RTF, gzip, addresses.
_NO_TABLE = re.compile(
    r"\s*(?:<(?:!|\?|html|table)|[\[{]\s*[{\"]|%PDF-|\{\\rtf|\x1f\u2039|\x1f\ufffd|BEGIN:V)", re.IGNORECASE
)
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def sheet_of_csv(data, limits, name=""):
    """Return the Sheet of a CSV file's bytes. Raises CannotRead, also while its rows are read.

    A byte that is invalid in the file's encoding becomes U+FFFD: the caller says in which row.
    """
    refuse_old_workbook(data)
    text = text_of(data)
    if not text.strip():
        raise CannotRead(_("The file is empty."))
    if _NO_TABLE.match(text):
        raise CannotRead(_("This is not a table. Save it as CSV or XLSX."))
    first, _end, rest = text.partition("\n")
    told = re.fullmatch(r'"?sep=([^"\r\0])"?\r?', first)  # a line that Excel writes, and reads, to say which it is
    separator = told[1] if told else separator_of(text)
    rows = _rows(rest if told else text, separator, limits)
    return Sheet(name, _after([first.rstrip("\r")], rows) if told else rows)


def text_of(data):
    """Return the text of a file's bytes: UTF-8 or UTF-16, with or without a mark, or else as Excel writes it."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    encoding = _utf_16_without_mark(data)
    if encoding and "\0" not in (text := data.decode(encoding, "replace")):
        return text
    if b"\0" in data:
        raise CannotRead(_("This is not a table. Save it as CSV or XLSX."))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace") if _has_utf_8(data) else _of_excel(data)


def _of_excel(data):
    """Return the text of bytes in one of the encodings in which Excel saves CSV: Windows-1252, on a Mac Mac Roman."""
    sample = data[:LONGEST_CELL]
    odd = len(_ODD_ON_WINDOWS.findall(sample.decode("cp1252", "replace")))
    is_of_mac = odd and len(_ODD_ON_MACS.findall(sample.decode("mac_roman"))) * 4 <= odd
    return data.decode("mac_roman") if is_of_mac else data.decode("cp1252", "replace")


def is_garbled(cell):
    """Whether letters of a cell were most likely read in another encoding than they were written in."""
    return bool(_GARBLED.search(cell))


def is_formula_error(cell):
    """Whether a cell is what spreadsheet programs save for a formula without a result, like #REF!."""
    return bool(_FORMULA_ERROR.fullmatch(cell))


def _utf_16_without_mark(data):
    """Return the encoding if every other byte of the beginning is zero, as in Latin letters of UTF-16."""
    sample = data[:2000]
    odd, even = sample[1::2].count(0), sample[::2].count(0)
    if max(odd, even) < len(sample) / 4:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _has_utf_8(data):
    """Whether some line, but not all of them, is UTF-8 and not plain ASCII: then the file mixes encodings."""
    for line in data.splitlines():
        if not line.isascii():
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                continue
            return True
    return False


def separator_of(text):
    """Return the character between cells: the one that cuts most of the first rows into equally many cells."""

    def fits(separator):
        widths = [len(row) for row in _sample(text, separator)]
        usual = max((width for width in widths if width > 1), key=widths.count, default=1)
        return widths.count(usual) * (usual > 1), usual

    return max(SEPARATORS, key=fits)


def _sample(text, separator):
    rows = []
    try:
        for row in csv.reader(io.StringIO(text[:LONGEST_CELL], newline=""), delimiter=separator):
            rows.append(row)
            if len(rows) == SAMPLE_ROWS:
                break
    except csv.Error:
        pass  # said when all of it is read
    return rows


def _rows(text, separator, limits):
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1):
            if number > limits.rows:
                raise too_many_rows(limits)
            if len(row) > limits.columns:
                raise too_many_columns(limits)
            yield [cell.replace("\0", "") for cell in row]
    except csv.Error as error:
        raise CannotRead(
            _("A cell is far too long, or a quotation mark is missing. Save the table once more.")
        ) from error


def _after(first, rows):
    yield first
    yield from rows
