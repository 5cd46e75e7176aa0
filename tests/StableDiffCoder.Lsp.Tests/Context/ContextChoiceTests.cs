using CsCheck;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Context;
using StableDiffCoder.Lsp.Documents;

namespace StableDiffCoder.Lsp.Tests.Context;

public sealed class ContextChoiceTests
{
    private const string Account =
        "namespace Bank;\npublic class Account\n{\n    public decimal Withdraw(decimal amount) => 0;\n    public Owner Holder { get; }\n}\n";
    private const string Owner = "namespace Bank;\npublic class Owner\n{\n    public string FullName { get; }\n}\n";
    private const string Other = "namespace Bank;\npublic class Unrelated\n{\n    public void Nothing() { }\n}\n";

    private static readonly Dictionary<string, string> Files = new()
    {
        ["Account.cs"] = Account,
        ["People/Owner.cs"] = Owner,
        ["Other.cs"] = Other,
    };

    [Theory]
    [InlineData("class A { void B(Account source) { source.| } }", "Account.cs")]
    [InlineData("class A { void B() { var source = new Account(); source.With| } }", "Account.cs")]
    [InlineData("class A { void B(object source) { source.Holder.| } }", "People/Owner.cs")]
    [InlineData("class A : Account { | }", "Account.cs")]
    public void Snippets_NamedType_ComesFirst(string code, string expected)
    {
        IReadOnlyList<ContextSnippet> snippets = Ask(new ContextReplay(Files, new ContextOptions()), code);
        Assert.Contains(expected, snippets.Take(2).Select(snippet => snippet.Path));
        Assert.DoesNotContain("Other.cs", snippets.Select(snippet => snippet.Path));
    }

    [Fact]
    public void Snippets_SignaturesOnly_HaveNoBodies()
    {
        ContextSnippet snippet = Ask(new ContextReplay(Files, new ContextOptions()), "class A { void B(Account source) { source.| } }")[0];
        Assert.Equal(
            "public class Account\n{\n    public decimal Withdraw(decimal amount);\n    public Owner Holder { get; }\n}",
            snippet.Text
        );
        Assert.Equal("//", snippet.LineComment);
    }

    [Fact]
    public void Snippets_Disabled_AreNone() =>
        Assert.Empty(
            Ask(new ContextReplay(Files, new ContextOptions { Enabled = false }), "class A { void B(Account source) { source.| } }")
        );

    [Fact]
    public void Snippets_OpenDocument_GivesItsMostSimilarLinesOnce()
    {
        string far = string.Concat(Enumerable.Range(0, 60).Select(i => $"    int filler{i};\n"));
        const string Near = "    void Transfer(Ledger ledger, Journal journal)\n    {\n        ledger.Post(journal);\n    }\n";
        var files = new Dictionary<string, string> { ["One.cs"] = far + Near + far, ["Two.cs"] = Near };
        IReadOnlyList<ContextSnippet> snippets = Ask(
            new ContextReplay(files, new ContextOptions()),
            "class A { void Undo(Ledger ledger, Journal journal) { ledger.| } }",
            "One.cs",
            "Two.cs"
        );
        ContextSnippet snippet = Assert.Single(snippets);
        Assert.Contains("ledger.Post(journal);", snippet.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.b|", "a")]
    [InlineData("a.|", "a")]
    [InlineData("a?.b.|", "b")]
    [InlineData("a.b(c, d(e)).|", "b")]
    [InlineData("x = y!.|", "y")]
    [InlineData("a|", null)]
    [InlineData("|", null)]
    [InlineData(".|", null)]
    [InlineData(").|", null)]
    public void Receiver_BeforeTheCursor_IsFound(string code, string? expected) =>
        Assert.Equal(
            expected,
            CursorNames.Receiver(code.Replace("|", "", StringComparison.Ordinal), code.IndexOf('|', StringComparison.Ordinal))
        );

    [Fact]
    public void Names_AnyText_NeverFail() =>
        Gen.Select(
                OneOf("a", ".", "(", ")", "<", ">", "\n", "new ", "Type ", "?", "[]", "=", " ", "😀").Array[0, 40].Select(string.Concat),
                Gen.Double[0, 1]
            )
            .Sample(
                (text, share) =>
                {
                    int cursor = (int)(share * text.Length);
                    IReadOnlyList<CursorName> names = CursorNames.Of(Snapshot(text), cursor);
                    Assert.All(names, name => Assert.InRange(name.Closeness, 0, 1));
                    Assert.Equal(names.Count, names.DistinctBy(name => name.Name).Count());
                }
            );

    [Fact]
    public void Choose_AnyCandidates_AreDistinctSortedAndWithinTheLength() =>
        Gen.Select(
                Gen.Select(Gen.Int[0, 6], Gen.Int[0, 10])
                    .Select(pair => new SnippetCandidate($"{pair.Item1}.cs", $"line {pair.Item1}\nend;", pair.Item2 / 10.0))
                    .Array[0, 20],
                Gen.Int[0, 100]
            )
            .Sample(
                (candidates, length) =>
                {
                    IReadOnlyList<SnippetCandidate> chosen = SnippetRanking.Choose(candidates, "line 3", length);
                    Assert.Equal(chosen.Select(one => one.Score).OrderDescending(), chosen.Select(one => one.Score));
                    Assert.Equal(chosen.Count, chosen.Select(one => one.Text).Distinct().Count());
                    Assert.True(chosen.SkipLast(1).Sum(one => one.Text.Length) < Math.Max(1, length));
                }
            );

    private static IReadOnlyList<ContextSnippet> Ask(ContextReplay replay, string code, params string[] open) =>
        replay.Snippets("Here.cs", code.Replace("|", "", StringComparison.Ordinal), code.IndexOf('|', StringComparison.Ordinal), open);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static DocumentSnapshot Snapshot(string text) => new("file:///a.cs", "csharp", 1, text, CancellationToken.None);
}
