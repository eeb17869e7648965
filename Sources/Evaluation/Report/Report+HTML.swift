import Foundation
import Plotting

extension Report {
    /// The report as one HTML page that needs no other file and no script.
    public func html() -> String {
        var pictures = settings.thumbnails
        let body = sections.map { html($0, pictures: &pictures) }
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
            <title>\(SVGText.escaped(settings.title))</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <header><h1>\(SVGText.escaped(settings.title))</h1></header>
            <main>
            \(body.joined(separator: "\n"))
            </main>
            <footer>Written by \(SVGText.escaped(settings.tool)), \(SVGText.escaped(settings.created)).</footer>
            </body>
            </html>

            """
    }

    private func html(_ section: ReportSection, pictures: inout Int) -> String {
        var parts = ["<section>", "<h2>\(SVGText.escaped(section.title))</h2>"]
        parts += section.paragraphs.map { "<p>\(SVGText.escaped($0))</p>" }
        if !section.figures.isEmpty {
            parts.append(#"<div class="figures">"#)
            parts += section.figures.map { figure in
                """
                <figure><figcaption><b>\(SVGText.escaped(figure.title))</b></figcaption>
                \(figure.svg)
                <figcaption>\(SVGText.escaped(figure.note))</figcaption></figure>
                """
            }
            parts.append("</div>")
        }
        parts += section.tables.map(Self.html)
        if let gallery = section.gallery { parts.append(html(gallery, pictures: &pictures)) }
        if let listing = section.listing { parts.append(Self.html(listing)) }
        parts += section.notes.map { #"<p class="note">\#(SVGText.escaped($0))</p>"# }
        parts.append("</section>")
        return parts.joined(separator: "\n")
    }

    /// The widest table, in columns, that a phone shows as one; a row of a wider one becomes a list there.
    private static let columnsOfAPhone = 4
    /// Longer words may be broken anywhere.
    private static let longestWord = 24

    private static func html(_ table: ReportSection.Table) -> String {
        let head = table.columns.enumerated().map { index, name in
            "<th\(style(name, isText: table.textColumns.contains(index)))>\(SVGText.escaped(name))</th>"
        }
        let rows = table.rows.map { row -> String in
            let cells = zip(table.columns, row).enumerated().map { index, cell -> String in
                let style = style(cell.1, isText: table.textColumns.contains(index))
                let text = SVGText.escaped(cell.1)
                if index == 0 { return #"<th scope="row"\#(style)>\#(text)</th>"# }
                return #"<td data-name="\#(SVGText.escaped(cell.0))"\#(style)>\#(text)</td>"#
            }
            return "<tr>\(cells.joined())</tr>"
        }
        let caption = SVGText.escaped(table.caption)
        return """
            <div class="table\(table.columns.count > columnsOfAPhone ? " wide" : "")"><table>
            <caption>\(caption)</caption>
            <thead><tr>\(head.joined())</tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table></div>
            """
    }

    private static func style(_ text: String, isText: Bool) -> String {
        let isLong = text.split(separator: " ").contains { $0.count > longestWord }
        let classes = [isText ? "text" : nil, isLong ? "long" : nil].compactMap { $0 }
        return classes.isEmpty ? "" : #" class="\#(classes.joined(separator: " "))""#
    }

    private func html(_ gallery: ReportSection.Gallery, pictures: inout Int) -> String {
        let cards = gallery.entries.map { entry -> String in
            let picture = html(picture: entry.image, pictures: &pictures)
            let figures = entry.figures.map {
                "<div><dt>\(SVGText.escaped($0.name))</dt><dd>\(SVGText.escaped($0.value))</dd></div>"
            }
            return """
                <li>\(picture)<div class="path">\(SVGText.escaped(entry.image.shownPath))</div><dl>\(figures.joined())</dl></li>
                """
        }
        return #"<ul class="gallery">"# + "\n" + cards.joined(separator: "\n") + "\n</ul>"
    }

    /// A picture, the reason why there is none, or nothing where the page has enough.
    private func html(picture image: ImageResult, pictures: inout Int) -> String {
        guard pictures > 0, let judgement = image.judgement else { return "" }
        do {
            let folder = image.folder.map { results.folders[$0] }
            let jpeg = try Thumbnail.jpeg(path: image.path, in: folder, of: judgement)
            pictures -= 1
            return #"<img alt="" src="data:image/jpeg;base64,\#(Data(jpeg).base64EncodedString())">"#
        } catch {
            return #"<div class="missing">\#(error.rawValue)</div>"#
        }
    }

    /// Series differ in dashes and hatching too; the variables only set their colours.
    private static let style = """
        :root { color-scheme: light dark; --ground: #fff; --ink: #1a1c1f; --soft: #5a6068; --line: #d5d9de;
          --series-1: #0b62a3; --series-2: #b5490f; --series-3: #4f6b1f; }
        @media (prefers-color-scheme: dark) { :root { --ground: #15181c; --ink: #e6e8eb; --soft: #a4abb4; --line: #373d45;
          --series-1: #6db7f0; --series-2: #f0a06d; --series-3: #b3cf7a; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1rem; max-width: 72rem; background: var(--ground); color: var(--ink);
          font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
        h1 { font-size: 1.5rem; line-height: 1.2; margin: .5rem 0 1rem; }
        h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line); }
        p { max-width: 46rem; margin: .5rem 0; }
        .note, footer, figcaption { color: var(--soft); font-size: .875rem; }
        figcaption b { color: var(--ink); font-size: 1rem; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1rem 2rem; }
        figure { margin: .75rem 0; max-width: 35rem; min-width: 0; }
        svg { display: block; width: 100%; height: auto; }
        .table { overflow-x: auto; margin: 1rem 0; }
        table { border-collapse: collapse; font-size: .9375rem; font-variant-numeric: tabular-nums; }
        caption { text-align: left; font-weight: 600; padding: .25rem 0; }
        .wide table { font-size: .84375rem; }
        th, td { padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top;
          overflow-wrap: normal; }
        thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
        tbody th { font-weight: 400; min-width: 6rem; }
        td { white-space: nowrap; } .text { text-align: left; white-space: normal; } .long { overflow-wrap: anywhere; min-width: 7rem; }
        @media (max-width: 40rem) { .wide table, .wide tbody, .wide tr, .wide th, .wide td, .wide caption { display: block; }
          .wide thead { display: none; } .wide tr { border-bottom: 1px solid var(--line); padding: .4rem 0; }
          .wide th, .wide td { border: 0; padding: .1rem 0; text-align: left; } .wide tbody th { font-weight: 600; }
          .wide td { display: flex; gap: 1rem; justify-content: space-between; text-align: right; white-space: normal; }
          .wide td::before { content: attr(data-name); color: var(--soft); text-align: left; max-width: 50%; } }
        .gallery { list-style: none; margin: 1rem 0; padding: 0; display: grid; gap: 1rem;
          grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); }
        .gallery li { min-width: 0; break-inside: avoid; }
        .gallery img, .missing { display: block; width: 100%; max-width: 12rem; height: 9rem; object-fit: contain;
          object-position: left; margin-bottom: .25rem; }
        .missing { border: 1px dashed var(--line); color: var(--soft); font-size: .875rem; padding: .5rem; height: auto; }
        .path { font-size: .875rem; line-height: 1.3; }
        dl { margin: .125rem 0; font-size: .875rem; }
        dl div { display: flex; gap: .375rem; }
        dt { color: var(--soft); }
        dd { margin: 0; }
        @page { margin: 15mm; }
        @media print { :root { --ground: #fff; --ink: #000; --soft: #444; --line: #bbb; --series-1: #003f70;
          --series-2: #a03c00; --series-3: #445c15; }
          body { max-width: none; padding: 0; font-size: 10pt; }
          .table { overflow-x: visible; } table, .wide table { font-size: 8pt; }
          figure, tr { break-inside: avoid; } h2, caption { break-after: avoid; } }
        """
}
