"""Files that a page hands out."""

from urllib.parse import quote

from django.http import HttpResponse

from marche.common.text import to_ascii

CSV = "text/csv; charset=utf-8"
JSON = "application/json"
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_response(content: bytes, name: str, media_type: str, *, inline: bool = False) -> HttpResponse:
    """Answer with a file of this name, to be shown (`inline`) or saved.

    A name that is not ASCII is sent twice, as RFC 6266 (appendix D) wants it: in letters that every browser reads, and
    in its own: "coeur.pdf" and "cœur.pdf".
    """
    headers = {"Content-Disposition": f"{'inline' if inline else 'attachment'}; {_file_name(name)}"}
    return HttpResponse(content, content_type=media_type, headers=headers)


def _file_name(name: str) -> str:
    plain = to_ascii(name).replace("\\", "").replace('"', "")
    return f'filename="{plain}"' + ("" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}")
