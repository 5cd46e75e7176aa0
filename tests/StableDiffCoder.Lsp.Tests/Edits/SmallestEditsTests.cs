using CsCheck;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Edits;

namespace StableDiffCoder.Lsp.Tests.Edits;

public sealed class SmallestEditsTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
            (string[])["int", " ", "  ", "a", "bc", "\r\n", "\n", "\r", "=", ";", "😀", "\t", "é"]
        )
        .List[0, 40]
        .Select(string.Concat);

    [Fact]
    public void Of_AnyTexts_MakesTheNewTextByEditsThatAreApart() =>
        Gen.Select(Texts, Texts, Texts)
            .Sample(
                (head, old, newText) =>
                {
                    string text = head + old + head;
                    var span = new TextSpan(head.Length, old.Length);
                    IReadOnlyList<Replacement> edits = SmallestEdits.Of(text, span, newText);
                    Assert.Equal(head + newText + head, Apply(text, edits));
                    for (int i = 0; i < edits.Count; i++)
                    {
                        Assert.InRange(edits[i].Span.Start, i == 0 ? span.Start : edits[i - 1].Span.End + 1, span.End);
                        Assert.True(edits[i].Span.End <= span.End && edits[i] is not { Span.Length: 0, NewText: "" });
                    }
                }
            );

    [Fact]
    public void Of_LinesThatStay_AreNotTouched() =>
        Gen.Select(Texts.Array[1, 8], Gen.Int[0, 7], Texts)
            .Sample(
                (lines, changed, other) =>
                {
                    string[] marked = [.. lines.Select((line, i) => $"line{i} {line.ReplaceLineEndings("")}")];
                    int at = changed % marked.Length;
                    string text = string.Join('\n', marked);
                    string newLine = $"other {other.ReplaceLineEndings("")}";
                    string newText = string.Join('\n', marked.Select((line, i) => i == at ? newLine : line));
                    int start = marked.Take(at).Sum(line => line.Length + 1);
                    Assert.All(
                        SmallestEdits.Of(text, new TextSpan(0, text.Length), newText),
                        edit => Assert.True(edit.Span.Start >= start && edit.Span.End <= start + marked[at].Length + 1)
                    );
                }
            );

    [Theory]
    [InlineData("int a = 1;", "int a = 1;")]
    [InlineData("int a = 1;", "int counter = 1;", "a→counter")]
    [InlineData("int value = 1;", "var value = 2;", "int→var", "1→2")]
    [InlineData("x = 1;\ny = 2;\n", "x = 1;\nz = 3;\ny = 2;\n", "→z = 3;\n")]
    [InlineData("x = 1;\nz = 3;\ny = 2;\n", "x = 1;\ny = 2;\n", "z = 3;\n→")]
    [InlineData("foo(bar);", "throw new E();", "foo(bar→throw new E(")]
    public void Of_Example_IsAsSmallAsItReads(string old, string newText, params string[] expected) =>
        Assert.Equal(
            expected,
            SmallestEdits
                .Of(old, new TextSpan(0, old.Length), newText)
                .Select(edit => $"{old.Substring(edit.Span.Start, edit.Span.Length)}→{edit.NewText}")
        );

    private static string Apply(string text, IEnumerable<Replacement> edits) =>
        edits
            .Reverse()
            .Aggregate(text, (now, edit) => string.Concat(now.AsSpan(0, edit.Span.Start), edit.NewText, now.AsSpan(edit.Span.End)));
}
