"""Tables between the marker comments of a Markdown file."""

import pathlib
import re


def table(headers, rows):
    """A Markdown table; every column but the first is aligned to the right."""
    marks = [":--"] + ["--:"] * (len(headers) - 1)
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in [headers, marks, *rows])


def command(text):
    return f"```\n{text}\n```"


def write(path, sections):
    """Replaces what stands between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->` for every name."""
    path = pathlib.Path(path)
    text = path.read_text()
    for name, body in sections.items():
        pattern = re.compile(f"(<!-- bench:{name} -->\n).*?(<!-- /bench:{name} -->)", re.S)
        if not pattern.search(text):
            raise SystemExit(f"{path}: no markers for {name}")
        text = pattern.sub(lambda match: f"{match[1]}\n{body}\n\n{match[2]}", text)
    path.write_text(text)
