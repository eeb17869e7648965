import InputErrors

extension Report {
    /// The report as Markdown: all figures, no charts and no pictures.
    public func markdown() -> String {
        var lines = ["# \(Self.markdown(settings.title))", ""]
        for section in sections {
            lines += ["## \(Self.markdown(section.title))", ""]
            for paragraph in section.paragraphs { lines += [Self.markdown(paragraph), ""] }
            for table in section.tables { lines += Self.lines(table) }
            if let gallery = section.gallery { lines += Self.lines(gallery) }
            if let listing = section.listing { lines += Self.lines(listing) }
            for note in section.notes { lines += [Self.markdown(note), ""] }
        }
        lines.append("Written by \(Self.markdown(settings.tool)), \(Self.markdown(settings.created)).")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(_ table: ReportSection.Table) -> [String] {
        let rules = table.columns.indices.map { table.textColumns.contains($0) ? "---" : "---:" }
        let rows = [table.columns, nil] + table.rows
        return [markdown(table.caption) + ":", ""]
            + rows.map { row in "| " + (row?.map(markdown) ?? rules).joined(separator: " | ") + " |" } + [""]
    }

    private static func lines(_ gallery: ReportSection.Gallery) -> [String] {
        var names: [String] = []
        for entry in gallery.entries {
            for figure in entry.figures where !names.contains(figure.name) { names.append(figure.name) }
        }
        let table = ReportSection.Table(
            caption: "Images", columns: ["path"] + names,
            rows: gallery.entries.map { entry in
                [entry.image.shownPath] + names.map { name in entry.figures.first { $0.name == name }?.value ?? "" }
            }, textColumns: [0])
        return lines(table)
    }

    /// Text that no Markdown reader takes for markup.
    static func markdown(_ text: String) -> String {
        // By scalars: as a character, an asterisk with an accent on it is none.
        let marks = "\\`*_{}[]<>#|!~&".unicodeScalars
        var result = String.UnicodeScalarView()
        for scalar in Printable.text(text).unicodeScalars {
            if marks.contains(scalar) { result.append("\\") }
            result.append(scalar)
        }
        return String(result)
    }
}
