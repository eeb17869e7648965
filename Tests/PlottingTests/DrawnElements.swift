import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The elements of an SVG document in their order, as an XML parser sees them.
struct DrawnElements {
    struct Element {
        let name: String
        let attributes: [String: String]
        var text = ""

        func number(_ attribute: String) throws -> Double {
            let text = try #require(attributes[attribute], "\(name) without \(attribute)")
            return try #require(Double(text), "\(attribute) of \(name): \(text)")
        }
    }

    let all: [Element]

    /// Fails where the document is not well-formed.
    init(_ svg: String) throws {
        let parser = XMLParser(data: Data(svg.utf8))
        let collector = Collector()
        parser.delegate = collector
        let isWellFormed = parser.parse()
        try #require(isWellFormed, "\(String(describing: parser.parserError)) in line \(parser.lineNumber)")
        all = collector.elements
    }

    func named(_ name: String) -> [Element] { all.filter { $0.name == name } }

    /// The points of a path of dots.
    func points() throws -> [(x: Double, y: Double)] {
        try named("path").filter { $0.attributes["class"] == "points" }.flatMap { path in
            try #require(path.attributes["d"]).split(separator: "M").map { part in
                let numbers = part.dropLast(2).split(separator: ",").compactMap { Double($0) }
                try #require(numbers.count == 2 && part.hasSuffix("h0"), "\(part)")
                return (numbers[0], numbers[1])
            }
        }
    }

    private final class Collector: NSObject, XMLParserDelegate {
        var elements: [Element] = []
        private var open: [Int] = []

        func parser(
            _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            open.append(elements.count)
            elements.append(Element(name: elementName, attributes: attributes))
        }

        func parser(
            _ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?, qualifiedName: String?
        ) {
            open.removeLast()
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) {
            for index in open { elements[index].text += string }
        }
    }
}
