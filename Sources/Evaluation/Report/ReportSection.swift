/// A part of a report, free of any markup: the HTML and the Markdown printer both print these.
struct ReportSection {
    /// Rows and columns of plain text.
    struct Table {
        let caption: String
        /// The first column is left-aligned text; the others are set as figures.
        let columns: [String]
        let rows: [[String]]
        /// Columns that hold text.
        var textColumns: Set<Int> = [0]
    }

    /// A chart with what it says.
    struct Figure {
        let title: String
        let svg: String
        let note: String
    }

    /// Images with a few words each.
    struct Gallery {
        struct Entry {
            let image: ImageResult
            let figures: [(name: String, value: String)]
        }

        let entries: [Entry]
    }

    let title: String
    var paragraphs: [String] = []
    var figures: [Figure] = []
    var tables: [Table] = []
    var gallery: Gallery?
    /// Goes on where the gallery ends.
    var listing: Table?
    /// After all else, in small print.
    var notes: [String] = []
}
