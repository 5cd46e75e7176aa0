using CsCheck;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Completions;

namespace StableDiffCoder.Lsp.Tests.Completions;

public sealed class TypedThroughTests
{
    [Theory]
    // the document when it was offered, what is taken up standing in []; the suggestion; the document now, | being the cursor; what is left and takes up
    [InlineData("a = []", "b + c;", "a = |", "b + c;", "")]
    [InlineData("a = []", "b + c;", "a = b|", " + c;", "")]
    [InlineData("a = []\nend", "b + c;", "a = b + |\nend", "c;", "")]
    [InlineData("a = []", "b + c;", "a = b + c;|", null, null)]
    [InlineData("a = []", "b + c;", "a = x|", null, null)]
    [InlineData("a = []", "b + c;", "a |", null, null)]
    [InlineData("a = []\nend", "b;", "a = b|\nEnd", null, null)]
    [InlineData("A = []", "b;", "a = b|", null, null)]
    [InlineData("f([)]", "x, y);", "f(x|)", ", y);", ")")]
    [InlineData("f([)]", "x, y);", "f(x, y)|", ";", "")] // the bracket was typed over
    [InlineData("f[]", "(x, y);", "f(|)", "x, y);", ")")] // the editor closed it
    [InlineData("f[]", "(x, \"y\");", "f(x, \"|\")", "y\");", "\")")]
    [InlineData("f[]", "(x, y);", "f(|}", null, null)] // not what the suggestion has
    [InlineData("f[]", "(x, y);", "f(|y", null, null)] // no closing sign
    [InlineData("if (a) {[]", "\n    b();\n}", "if (a) {\n    |", "b();\n}", "")]
    [InlineData("if (a) {[]", "\n    b();\n}", "if (a) {\n    |\n}", null, null)]
    [InlineData("Console.[Wri]", "WriteLine(x);", "Console.Write|", "Line(x);", "")]
    [InlineData("[]", "ab", "|", "ab", "")]
    public void At_ADocument_IsWhatIsLeft(string before, string suggestion, string now, string? left, string? behind)
    {
        (string text, CompletionCandidate offered) = Offer(before, suggestion);
        string document = now.Replace("|", "", StringComparison.Ordinal);
        int cursor = now.IndexOf('|', StringComparison.Ordinal);
        TypedThrough? through = TypedThrough.At(text, offered, document, cursor);
        Assert.Equal(left, through is null ? null : suggestion[through.Value.Typed..]);
        Assert.Equal(behind, through is null ? null : document.Substring(cursor, through.Value.Behind));
        Assert.True(through is null || TypedThrough.IsUnderWay(text, offered, document));
    }

    [Theory]
    [InlineData("a = []", "b;", "a = b;", true)]
    [InlineData("a = []\nend", "b;", "a = b;\nmore\nend", true)]
    [InlineData("a = []", "b;", "a = b", false)]
    [InlineData("f([)]", "x);", "f(x);", true)]
    [InlineData("f([)]", "x);", "f(x);)", true)] // taken by a client that does not replace; the text is there
    [InlineData("a = []", "b;", "A = b;", false)]
    public void IsDone_ADocument_HasTheText(string before, string suggestion, string now, bool expected)
    {
        (string text, CompletionCandidate offered) = Offer(before, suggestion);
        Assert.Equal(expected, TypedThrough.IsDone(text, offered, now));
    }

    [Fact]
    public void At_AnyPrefixTyped_LeadsToTheSameDocument()
    {
        var pieces = Pick("a", "b", " ", "(", ")", "\n", "\r\n", "😀", "\ud83d", ";").Array[0, 12].Select(string.Concat);
        Gen.Select(pieces, pieces, pieces, Gen.Int[0, 100], Pick("", ")", "]);"))
            .Sample(sample =>
            {
                (string start, string suggestion, string end, int at, string closers) = sample;
                if (suggestion.Length == 0)
                {
                    return;
                }
                var offered = Candidate(new TextSpan(start.Length, 0), suggestion);
                int typed = at % suggestion.Length;
                string now = start + suggestion[..typed] + closers + end;
                TypedThrough? through = TypedThrough.At(start + end, offered, now, start.Length + typed);
                if (through is TypedThrough found)
                {
                    Assert.Equal(closers.Length, found.Behind);
                    string taken = string.Concat(
                        now.AsSpan(0, start.Length + typed),
                        suggestion.AsSpan(found.Typed),
                        now.AsSpan(start.Length + typed + found.Behind)
                    );
                    Assert.Equal(start + suggestion + end, taken);
                    Assert.True(TypedThrough.IsDone(start + end, offered, taken));
                }
                Assert.True(closers.Length > 0 || through is not null);
            });
    }

    private static Gen<string> Pick(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);

    private static (string Text, CompletionCandidate Offered) Offer(string marked, string suggestion)
    {
        int start = marked.IndexOf('[', StringComparison.Ordinal);
        int end = marked.IndexOf(']', StringComparison.Ordinal);
        string text = marked.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
        return (text, Candidate(new TextSpan(start, end - start - 1), suggestion));
    }

    private static CompletionCandidate Candidate(TextSpan range, string text) =>
        new()
        {
            Range = range,
            NewText = text,
            Confidence = 1,
        };
}
