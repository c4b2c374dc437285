"""The only decoder of untrusted documents: bytes -> plain data -> ``Report``. No database, no Flask, no files.

    check_media_type(content_type, content_encoding)   what a client says it sends (415)
    decode(raw)                                        bytes to plain JSON data (400, 413)
    load(document)                                     plain data to a ``Report``, old formats upgraded
    json_schema()                                      the same contract for other tools

``untrusted`` is about JSON, ``fields`` about single facts, ``report`` about objects, ``loading`` about documents.
"""

from hwdb.schema.loading import Loaded, load
from hwdb.schema.published import json_schema
from hwdb.schema.report import ReportSchema
from hwdb.schema.untrusted import MAX_BYTES, check_media_type, decode
from hwdb.schema.upgrades import upgrade

__all__ = [
    "MAX_BYTES",
    "Loaded",
    "ReportSchema",
    "check_media_type",
    "decode",
    "json_schema",
    "load",
    "upgrade",
]
