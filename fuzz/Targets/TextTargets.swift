import Auditing
import Evaluation
import Files
import Foundation
import RingkeyKit

let textTargets = [
    FuzzTarget("json") { bytes in
        try bytes.withUnsafeBufferPointer { text in
            var scanner = JSONScanner(text)
            do {
                let value = try scanner.rawValue()
                try scanner.expectEnd()
                precondition(value.count <= text.count, "\(value.count) bytes of \(text.count)")
            } catch let error as JSONScanner.Malformed {
                precondition((0...text.count).contains(error.offset), "offset \(error.offset) of \(text.count)")
            }
        }
    },
    FuzzTarget("labels") { bytes in
        _ = try Labels(contentsOf: labelsFolder.write("labels.csv", bytes[...]))
    },
    FuzzTarget("lines") { bytes in
        let path = RawPath(try linesFolder.write("lines.txt", bytes[...]))
        for separator: UInt8 in [0, LineReader.lineFeed] {
            let lines = try LineReader(
                opening: path, expecting: "lines", isPatient: false, separator: separator, longestLine: 512)
            var count = 0
            while let line = try lines.next() { count += line.bytes.count }
            precondition(count <= bytes.count, "\(count) bytes in lines of \(bytes.count)")
            let paths = Audit.count([.list(path)], shard: nil, separator: separator) { true } ?? 0
            precondition(paths <= bytes.count, "\(paths) paths in \(bytes.count) bytes")
        }
    },
    FuzzTarget("prompts") { bytes in
        _ = try PromptFile.read(promptsFolder.write("prompts.txt", bytes[...]))
    },
]

private let labelsFolder = ScratchFolder("labels")
private let linesFolder = ScratchFolder("lines")
private let promptsFolder = ScratchFolder("prompts")
