"""Names of users and hosts where shells, logs and listings of files put them, each at a place of its own. No I/O.

Part of ``hwdb.importers.redact``. The form of a prompt stays: it tells importers that another command's output begins.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwdb.importers.redact_labels import USER
from hwdb.importers.redact_words import HOST, MAIL
from hwdb.importers.removal import REMOVED_NAME

if TYPE_CHECKING:
    from hwdb.importers.removal import Removal

# What posting puts before a line: quotes, numbers of a page, levels of the kernel's log.
_LEAD = r"(?P<lead>[\s>|*+-]{0,40}(?:[0-9]{1,5}[.):]\s)?\s{0,20}(?:<[0-9]{1,3}>)?(?:\([\w. -]{1,40}\)\s)?)"
_PROMPT = re.compile(
    rf"{_LEAD}(?P<open>\[?)(?P<user>[\w.-]{{1,64}})@(?P<host>[\w.-]{{1,64}})"
    r"(?P<where>[:\s~/\]][^$#%>\n@]{0,200}[$#%>\u276f]|[$#%>])"
)
# Shells that show no user: "tower:~ # ", "tower ~ # ".
_HOST_PROMPT = re.compile(
    rf"{_LEAD}(?P<host>[A-Za-z][\w.-]{{0,63}})(?P<where>(?::|:? )[~/][^\s#$%>]{{0,100}} ?[#$%>](?:\s|\Z))"
)
_STAMP = (
    r"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}[0-9]{1,2} (?:[0-9]{2}:){2}[0-9]{2}(?:\.[0-9]{1,9})?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?(?: ?[+-][0-9]{2}:?[0-9]{2}|Z)?)"
)
_STAMPED = re.compile(
    rf"(?P<before>\b{_STAMP} )(?P<host>[A-Za-z0-9][\w.-]{{0,252}})"
    r"(?P<after> [\w./@()-]{1,60}(?:\[[0-9]{1,9}\])?:(?:\s|\Z))"
)
_KERNEL = re.compile(rf"{_LEAD}(?P<host>[A-Za-z0-9][\w.-]{{0,62}})(?P<after> kernel: )")
_UNAME = re.compile(
    r"(?P<before>\bLinux )(?P<host>(?!version\b)[A-Za-z0-9][\w.-]{0,252})(?P<after> [0-9]{1,2}\.[0-9]\S{0,99} #[0-9])"
)
_SET = re.compile(r"(?P<before>\b[Hh]ostname (?:set )?to [<\"']?)(?P<host>[\w.-]{1,252})(?P<after>)")
_LOGIN = re.compile(r"(?P<before>\A\s{0,20})(?P<host>[A-Za-z0-9][\w.-]{0,62})(?P<after> login: )")
_NODE = re.compile(
    r"(?P<before>(?<!\w)/?nodes/)(?P<host>[A-Za-z0-9][\w.-]{0,62})(?P<after>/(?:hardware|qemu|lxc|status|storage))"
)
# Nearly no line has one of these words, without which its pattern is not tried.
_HOSTS = (
    ((":",), _STAMPED),
    (("Linux ",), _UNAME),
    (("ostname ",), _SET),
    ((" login: ",), _LOGIN),
    (("nodes/",), _NODE),
)
_OWNERS = re.compile(
    r"(?P<mode>(?<![\w-])[bcdlps-](?:[r-][w-][xsStT-]){3}[.+@]?\s{1,9}[0-9]{1,6}\s{1,9})(?P<user>[\w.$+-]{1,64})(?P<blank>\s{1,40})"
    r"(?P<group>[\w.$+-]{1,64})(?=\s{1,20}[0-9])"
)
_SUDO = re.compile(r"(?P<before>\bsudo\] password for |\buid=[0-9]{1,9}\()(?P<user>[\w.-]{1,64})")
_TILDE = re.compile(r"(?P<before>(?<![\w./~\"'-])~)(?P<user>[a-z_][a-z0-9_-]{1,31})(?=/)")
_NO_NAMES = frozenset({"root", "kernel", "version", "wheel", "users", "disk", REMOVED_NAME})


def without_names(line: str, removal: Removal) -> str:
    """Return a line without the names of users and hosts that stand in it by its form."""
    if "@" in line:
        line = _prompt(line, removal)
    if "~" in line or "/" in line:
        line = _host_prompt(line, removal)
        line = _TILDE.sub(lambda found: found["before"] + removal.take(USER, found["user"]), line)
    if " kernel: " in line:
        matched = _KERNEL.match(line)
        if matched is not None and matched["host"] not in _NO_NAMES:
            line = matched["lead"] + removal.take(HOST, matched["host"]) + line[matched.start("after") :]
    for words, pattern in _HOSTS:
        if any(word in line for word in words):
            line = pattern.sub(lambda found: _host(found, removal), line)
    if "--" in line or "rw" in line:
        line = _OWNERS.sub(lambda found: _owners(found, removal), line)
    return _SUDO.sub(lambda found: found["before"] + _name(found["user"], removal), line)


def _prompt(line: str, removal: Removal) -> str:
    found = _PROMPT.match(line)
    if found is None or found["user"] == found["host"] == REMOVED_NAME:
        return line
    names = removal.take(MAIL, f"{found['user']}@{found['host']}", f"{REMOVED_NAME}@{REMOVED_NAME}")
    # "[name@host name]$": the folder is the user's own.
    where = re.sub(rf"(?<![\w.-]){re.escape(found['user'])}(?![\w.-])", REMOVED_NAME, found["where"])
    return f"{found['lead']}{found['open']}{names}{where}{line[found.end() :]}"


def _host_prompt(line: str, removal: Removal) -> str:
    found = _HOST_PROMPT.match(line)
    if found is None:
        return line
    host = removal.take(HOST, found["host"], REMOVED_NAME)
    return line[: found.start("host")] + host + line[found.end("host") :]


def _host(found: re.Match[str], removal: Removal) -> str:
    if found["host"] in _NO_NAMES:
        return found[0]
    return found["before"] + removal.take(HOST, found["host"]) + found["after"]


def _owners(found: re.Match[str], removal: Removal) -> str:
    return f"{found['mode']}{_name(found['user'], removal)}{found['blank']}{_name(found['group'], removal)}"


def _name(name: str, removal: Removal) -> str:
    return name if name in _NO_NAMES else removal.take(USER, name)
