"""A tokenizer as current transformers writes it, and what it makes of some texts.

From the root of the repository, with transformers installed:

    python3 Tests/Fixtures/ModelFolders/make_tokenizer.py

Takes the grove model's vocabulary and adds a token to it. Writes tokenizer/ with tokenizer.json and tokenizer_config.json,
and ids.json, beside itself.
"""

import json
import pathlib

from transformers import AutoTokenizer

HERE = pathlib.Path(__file__).parent
TEXTS = [
    "", "sea", "mountains at dusk with sun", "Hills at DAWN, dunes at noon!", "<mark> at noon", "a<mark>b", "<MARK>",
    "sea <|endoftext|> sea", "it's 1984 … don't", "naïve café \u0301 e\u0301", "日本 🌊", "  two\r\nlines\t", "x" * 40,
]

tokenizer = AutoTokenizer.from_pretrained("samples/grove/tokenizer")
tokenizer.add_tokens(["<mark>"])
tokenizer.save_pretrained(HERE / "tokenizer")
rows = [
    {"text": text, "ids": tokenizer(text, padding="max_length", truncation=True).input_ids} for text in TEXTS
]
(HERE / "ids.json").write_text(json.dumps(rows, ensure_ascii=False, indent=0) + "\n")
