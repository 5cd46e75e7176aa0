// Keeps one document as VS Code's own library does, for DocumentSyncTests. One JSON message a line on stdin: the whole text as a string, or an
// array of didChange's contentChanges. Answers each with the text it has then, as a line of base64 of UTF-16LE.
import { createInterface } from "node:readline";
import { TextDocument } from "vscode-languageserver-textdocument";

let document;

/** A document without a history: the library's line index is wrong for a while after a range that starts behind the last line. */
function renew(text) {
  document = TextDocument.create("file:///a", "plaintext", 0, text);
}

function isOutside(change) {
  return change.range && [change.range.start, change.range.end].some(({ line }) => line < 0 || line >= document.lineCount);
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (typeof message === "string") {
    renew(message);
  } else {
    for (const change of message) {
      const outside = isOutside(change);
      TextDocument.update(document, [change], document.version + 1);
      if (outside) {
        renew(document.getText());
      }
    }
  }
  process.stdout.write(Buffer.from(document.getText(), "utf16le").toString("base64") + "\n");
}
