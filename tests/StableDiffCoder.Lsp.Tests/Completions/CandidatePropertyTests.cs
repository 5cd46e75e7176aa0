using CsCheck;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Completions;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Completions;

/// <summary>Whatever the document and the model's text: a candidate is one that an editor can show as ghost text.</summary>
public sealed class CandidatePropertyTests
{
    private static readonly Gen<string> Code = Pick(
        "int a = 1;",
        "Call",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "    ",
        "\t",
        "\"",
        ";",
        ", b",
        "😀",
        "else",
        "// c"
    );

    [Fact]
    public async Task Candidates_OfAnyPlace_CanBeShown()
    {
        int shown = 0;
        Gen<string> lineBreak = Pick("\n", "\r\n");
        var places =
            from newLine in lineBreak
            from document in Gen.OneOf(Code, Code, Code, Gen.Const(newLine)).Array[0, 25].Select(string.Concat)
            from fill in Gen.OneOf(Code, Code, lineBreak).Array[0, 10].Select(string.Concat)
            from cursor in Gen.Int[0, document.Length]
            from invoked in Gen.Bool
            from selected in Gen.Int[0, 3]
            select (newLine, document, fill, cursor, invoked, selected);
        await places.SampleAsync(
            async sample =>
            {
                (string newLine, string document, string fill, int cursor, bool invoked, int selected) = sample;
                var engine = new ScriptedEngine { Fill = fill, Confidence = symbol => symbol == ';' ? 0.6 : 0.97 };
                CompletionPlace place = Place(document, cursor, invoked, selected);
                CompletionResult result = await Completer.CompleteAsync(place, engine, CancellationToken.None);
                Assert.True((result.Silence is null) == (result.Candidates.Count > 0));
                Assert.InRange(result.Candidates.Count, 0, invoked ? 3 : 1);
                foreach (CompletionCandidate candidate in result.Candidates)
                {
                    AssertCanBeShown(document, cursor, candidate);
                    Assert.True(
                        newLine == "\n" || !document.Contains('\n', StringComparison.Ordinal) || !HasBareLineFeed(candidate.NewText)
                    );
                    Interlocked.Increment(ref shown);
                }
            },
            iter: 1000
        );
        Assert.True(shown > 100, $"only {shown} candidates were looked at");
    }

    // Every fourth place has an entry selected in the editor's list: the word before the cursor, grown.
    private static CompletionPlace Place(string document, int cursor, bool invoked, int selected)
    {
        int start = cursor;
        while (start > 0 && char.IsAsciiLetter(document[start - 1]))
        {
            start--;
        }
        SelectedEntry? entry =
            selected == 0 ? new SelectedEntry(new TextSpan(start, cursor - start), document[start..cursor] + "Grown") : null;
        var snapshot = new DocumentSnapshot("file:///a.cs", "csharp", 1, document, CancellationToken.None);
        return new CompletionPlace(snapshot, cursor, invoked, new LanguageServerOptions(), entry);
    }

    private static void AssertCanBeShown(string document, int cursor, CompletionCandidate candidate)
    {
        (int start, int end) = (candidate.Range.Start, candidate.Range.End);
        Assert.InRange(cursor, start, end);
        Assert.False(document.AsSpan(start, end - start).ContainsAny('\r', '\n'));
        Assert.StartsWith(document[start..cursor], candidate.NewText, StringComparison.Ordinal);
        int found = 0;
        foreach (char symbol in candidate.NewText[(cursor - start)..].TakeWhile(symbol => symbol is not ('\r' or '\n')))
        {
            found += cursor + found < end && symbol == document[cursor + found] ? 1 : 0;
        }
        Assert.Equal(end - cursor, found);
        Assert.NotEqual(document[start..end], candidate.NewText);
    }

    private static bool HasBareLineFeed(string text) =>
        text.Replace("\r\n", "", StringComparison.Ordinal).Contains('\n', StringComparison.Ordinal);

    private static Gen<string> Pick(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);
}
