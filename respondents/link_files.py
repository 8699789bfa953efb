"""Files of invitation links for a partner: CSV as it is written, XLSX in constant memory."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

import xlsxwriter
from django.utils.translation import gettext as _

from respondents.campaigns import Link
from santesurvey.spreadsheets import harmless

BOM = "\ufeff"  # without it, Excel reads UTF-8 as something else
LINES_AT_ONCE = 500


def headers() -> list[str]:
    return [_("numéro"), _("code"), _("lien")]


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, value: str) -> str:
        return value


def csv_lines(links: Iterable[Link]) -> Iterator[str]:
    """The CSV in pieces: BOM, semicolons and CRLF, as French spreadsheets expect it."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    piece = [BOM + writer.writerow(headers())]
    for link in links:
        piece.append(writer.writerow([link.number, harmless(link.code), harmless(link.url)]))
        if len(piece) >= LINES_AT_ONCE:
            yield "".join(piece)
            piece = []
    yield "".join(piece)


def xlsx_file(links: Iterable[Link], *, title: str) -> IO[bytes]:
    """The workbook as an open temporary file at its start; the system deletes it when it is closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    workbook = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    workbook.set_properties({"title": title})
    sheet = workbook.add_worksheet(_("Liens"))
    bold = workbook.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 24)
    sheet.set_column(2, 2, 70)
    for column, header in enumerate(headers()):
        sheet.write_string(0, column, header, bold)
    for row, link in enumerate(links, start=1):
        sheet.write_number(row, 0, link.number)
        sheet.write_string(row, 1, link.code)
        sheet.write_string(row, 2, link.url)
    workbook.close()
    file.seek(0)
    return file
