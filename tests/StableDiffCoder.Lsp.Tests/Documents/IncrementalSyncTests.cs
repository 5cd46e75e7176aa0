using System.Text;
using CsCheck;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Tests.Documents;

public sealed class IncrementalSyncTests
{
    private static readonly Gen<string> Texts = Gen.OneOf("a", "bc", "\n", "\r\n", "\r", "\u0085", "\u2028", "😀", "\ud83d", "é", "  ", "{")
        .Array[0, 12]
        .Select(string.Concat);

    // Positions beyond any line and any text are among them.
    private static readonly Gen<Position> Positions = Gen.Select(Gen.Int[-1, 9], Gen.Int[-1, 9])
        .Select((line, character) => new Position { Line = line, Character = character });

    private static readonly Gen<TextDocumentContentChange> Changes = Gen.Select(Positions, Positions, Texts, Gen.Int[0, 9])
        .Select(
            (start, end, text, whole) =>
                new TextDocumentContentChange { Range = whole == 0 ? null : new TextRange { Start = start, End = end }, Text = text }
        );

    [Fact]
    public void Change_RandomEdits_AgreesWithTheNaiveModel() =>
        Gen.Select(Texts, Changes.Array[1, 4].Array[1, 6])
            .Sample(
                (text, notifications) =>
                {
                    var store = new DocumentStore();
                    store.Open(
                        new TextDocumentItem
                        {
                            Uri = "u",
                            Version = 0,
                            Text = text,
                        }
                    );
                    string expected = text;
                    for (int i = 0; i < notifications.Length; i++)
                    {
                        DocumentSnapshot before = store.Find("u")!;
                        string textBefore = before.Text;
                        expected = notifications[i].Aggregate(expected, NaiveDocument.Apply);
                        var document = new VersionedTextDocumentIdentifier { Uri = "u", Version = i + 1 };
                        Assert.Equal(
                            ChangeOutcome.Applied,
                            store.Change(new DidChangeTextDocumentParams { TextDocument = document, ContentChanges = notifications[i] })
                        );
                        DocumentSnapshot after = store.Find("u")!;
                        Assert.Equal(expected, after.Text);
                        Assert.Equal(i + 1, after.Version);
                        Assert.Equal(textBefore, before.Text);
                        Assert.True(before.Stale.IsCancellationRequested);
                        Assert.False(after.Stale.IsCancellationRequested);
                    }
                },
                iter: 20_000
            );

    [Fact]
    public void Change_DocumentNotOpen_ChangesNothing()
    {
        var store = new DocumentStore();
        var document = new VersionedTextDocumentIdentifier { Uri = "u", Version = 1 };
        Assert.Equal(ChangeOutcome.NotOpen, store.Change(new DidChangeTextDocumentParams { TextDocument = document, ContentChanges = [] }));
        Assert.Null(store.Find("u"));
    }

    /// <summary>The document as a list of lines, each with its break: another way to the same rules, without any index of offsets.</summary>
    private static class NaiveDocument
    {
        public static string Apply(string text, TextDocumentContentChange change)
        {
            if (change.Range is null)
            {
                return change.Text;
            }
            List<string> lines = Lines(text);
            string before = Prefix(lines, change.Range.Start);
            string upToEnd = Prefix(lines, change.Range.End);
            (string head, string consumed) = before.Length <= upToEnd.Length ? (before, upToEnd) : (upToEnd, before);
            return head + change.Text + text[consumed.Length..];
        }

        private static List<string> Lines(string text)
        {
            var lines = new List<string>();
            var line = new StringBuilder();
            for (int i = 0; i < text.Length; i++)
            {
                line.Append(text[i]);
                bool windows = text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n';
                if (text[i] is '\n' or '\r' && !windows)
                {
                    lines.Add(line.ToString());
                    line.Clear();
                }
            }
            lines.Add(line.ToString());
            return lines;
        }

        private static string Prefix(List<string> lines, Position position)
        {
            if (position.Line < 0)
            {
                return "";
            }
            string before = string.Concat(lines.Take(position.Line));
            if (position.Line >= lines.Count)
            {
                return before;
            }
            string line = lines[position.Line].TrimEnd('\r', '\n');
            return before + line[..Math.Clamp(position.Character, 0, line.Length)];
        }
    }
}
