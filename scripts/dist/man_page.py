#!/usr/bin/env python3
"""Writes the man page of ringkey from what its argument parser says of itself.

    ringkey --experimental-dump-help | scripts/dist/man_page.py VERSION DATE > ringkey.1

DATE is 2026-11-25. What the help says is said here; only the sections about the environment and the files are written by
hand, below.
"""

import json
import sys

CLOSING = r"""
.SH ENVIRONMENT
.TP
.B RINGKEY_MODEL
The model folder where \fB\-\-model\fR is not given.
.TP
.B RINGKEY_ONNXRUNTIME
The ONNX Runtime library where \fB\-\-onnxruntime\fR is not given.
.SH FILES
.TP
.I ../lib/ringkey/libonnxruntime.so.*
ONNX Runtime, looked for from the folder of the program.
.TP
.I ../share/ringkey/samples/grove
The sample model, if the samples are installed; the model where none is named.
.SH SEE ALSO
The documents in
.I ../share/doc/ringkey
from the folder of the program describe the formats, the statistics and the limits.
""".strip()


def escaped(text):
    """Text as roff shows it unchanged."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text


def paragraphs(text):
    """Lines of running text become paragraphs; lines that are set in by two spaces keep their form."""
    lines, is_literal = [], False
    for line in text.split("\n"):
        literal = line.startswith("  ")
        if literal != is_literal:
            lines += [".PP", ".RS 2", ".nf"] if literal else [".fi", ".RE"]
            is_literal = literal
        if literal:
            lines.append(escaped(line[2:]))
        elif line.strip():
            lines += [".PP", escaped(line)]
    return lines + ([".fi", ".RE"] if is_literal else [])


def spelled(name):
    """One name of an option, as it is typed."""
    return ("--" if name["kind"] == "long" else "-") + name["name"]


def heading(argument):
    """`-o, --output <file>`, as the help has it."""
    value = f"\\fI{escaped('<' + argument['valueName'] + '>')}\\fR"
    if argument["kind"] == "positional":
        return value + (" ..." if argument["isRepeating"] else "")
    names = sorted((spelled(name) for name in argument["names"]), key=len)
    bold = ", ".join(f"\\fB{escaped(name)}\\fR" for name in names)
    return bold if argument["kind"] == "flag" else f"{bold} {value}"


def meaning(argument):
    """The text of an option with its values and its default, as the help has them."""
    text, notes = argument.get("abstract", ""), []
    if argument.get("allValues"):
        notes.append("values: " + ", ".join(argument["allValues"]))
    if "defaultValue" in argument:
        notes.append("default: " + argument["defaultValue"])
    return f"{text} ({'; '.join(notes)})".strip() if notes else text


def arguments(command):
    """The arguments and options of a command, each with a hanging text."""
    lines = []
    for argument in command.get("arguments", []):
        if argument["shouldDisplay"]:
            lines += [".TP", heading(argument), escaped(meaning(argument))]
    return lines


def shown(command):
    """The subcommands that the help lists; `help` itself needs no section."""
    return [c for c in command.get("subcommands", []) if c["shouldDisplay"] and c["commandName"] != "help"]


def section(command):
    """One subcommand and those below it."""
    name = " ".join([*command.get("superCommands", [])[1:], command["commandName"]])
    lines = [f'.SS "{escaped(name)}"', escaped(command["abstract"])]
    lines += paragraphs(command.get("discussion", ""))
    lines += [] if shown(command) else arguments(command)
    return lines + [line for child in shown(command) for line in section(child)]


def page(tool, version, date):
    """The whole page."""
    name = tool["commandName"]
    lines = [f'.TH {name.upper()} 1 "{date}" "{name} {version}" "User Commands"', ".SH NAME"]
    lines += [f"{name} \\- {escaped(tool['abstract'].rstrip('.'))}", ".SH SYNOPSIS"]
    lines += [f"\\fB{name}\\fR \\fIsubcommand\\fR [\\fIoption\\fR ...]"]
    lines += [".SH DESCRIPTION", *paragraphs(tool["discussion"]), ".SH OPTIONS", *arguments(tool), ".SH COMMANDS"]
    lines += [line for command in shown(tool) for line in section(command)]
    return "\n".join([*lines, CLOSING]) + "\n"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(page(json.load(sys.stdin)["command"], *sys.argv[1:3]))
