using CsCheck;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Tests.Infilling;

public sealed class SnippetLayoutTests : IDisposable
{
    private readonly InfillCheckpoint checkpoint = new(maxPositions: 256);
    private readonly HuggingFaceTokenizer tokenizer;
    private readonly ModelConfig config;

    public SnippetLayoutTests()
    {
        tokenizer = HuggingFaceTokenizer.Load(checkpoint.FilePath("tokenizer.json"));
        config = ModelConfig.Read(checkpoint.FilePath("config.json"));
    }

    public void Dispose() => checkpoint.Dispose();

    private static ContextSnippet Snippet(string path, string text) => new() { Path = path, Text = text };

    private SnippetLayout Layout(string before, string behind, int budget, ContextSnippet[] snippets, int snippetTokens = 256) =>
        SnippetLayout.Of(tokenizer, before, behind, budget, Math.Max(1, budget / 16), snippets, snippetTokens);

    [Fact]
    public void SuffixFirst_Snippets_StandBeforeThePrefixTheBestLast()
    {
        var builder = new CanvasBuilder(config, tokenizer);
        ContextSnippet[] snippets = [Snippet("A.cs", "class A;"), Snippet("B.cs", "class <[fim-middle]>;\n\n")];
        Canvas canvas = builder.SuffixFirst("in", "t", masks: 4, new InfillOptions(), snippets);
        int[] expected =
        [
            InfillCheckpoint.FimSuffix,
            .. Ids("t"),
            InfillCheckpoint.FimPrefix,
            .. Ids("// B.cs\nclass <[fim-middle]>;\n"),
            .. Ids("// A.cs\nclass A;\n"),
            .. Ids("in"),
            InfillCheckpoint.FimMiddle,
        ];
        Assert.Equal(expected, canvas.Known[0]);
    }

    [Fact]
    public void InPlace_Snippets_StandBeforeTheFirstText()
    {
        var builder = new CanvasBuilder(config with { InfillOrder = InfillOrder.InPlace }, tokenizer);
        Canvas canvas = builder.InPlace(
            ["ab", "c", "de"],
            [2, 3],
            new InfillOptions(),
            [
                new ContextSnippet
                {
                    Path = "a.py",
                    Text = "x",
                    LineComment = "#",
                },
            ]
        );
        Assert.Equal([.. Ids("# a.py\nx\n"), .. Ids("ab")], canvas.Known[0]);
        Assert.Equal(Ids("de"), canvas.Known[^1]);
    }

    [Fact]
    public void Of_DocumentFillsTheWindow_SnippetsGetAnEighthAtMost()
    {
        string text = string.Concat(Enumerable.Range(0, 200).Select(i => $"    int value{i} = {i};\n"));
        string lines = string.Concat(Enumerable.Range(0, 40).Select(i => $"int a{i};\n"));
        SnippetLayout layout = Layout(text, text, 320, [Snippet("A.cs", lines)]);
        Assert.InRange(layout.Ids.Length, 1, 40);
        Assert.InRange(layout.Window.Prefix.Length, 160, 320);
        Assert.True(layout.Window.Suffix.Length > 0);
    }

    [Fact]
    public void Of_SnippetTooLong_IsCutAtALineEndAndNeverToItsHeader()
    {
        ContextSnippet[] snippets = [Snippet("A.cs", "int aaaa;\nint bbbbbbbbbbbbbbbbbbbb;")];
        Assert.Equal(Ids("// A.cs\nint aaaa;\n"), Layout("", "", 200, snippets, Ids("// A.cs\nint aaaa;\n").Length + 1).Ids);
        Assert.Empty(Layout("", "", 200, snippets, Ids("// A.cs\nint aaaa;\n").Length - 1).Ids);
        Assert.Empty(Layout("", "", 200, snippets, 0).Ids);
    }

    [Fact]
    public void Of_AnyTexts_KeepsTheBudget()
    {
        Gen.Select(InfillSamples.Texts, InfillSamples.Texts, InfillSamples.Texts.Array[0, 4], Gen.Int[0, 250], Gen.Int[0, 100])
            .Sample(
                (before, behind, snippets, budget, most) =>
                {
                    SnippetLayout layout = Layout(before, behind, budget, [.. snippets.Select(text => Snippet("a.cs", text))], most);
                    Assert.InRange(layout.Ids.Length, 0, most);
                    Assert.InRange(layout.Ids.Length + layout.Window.Prefix.Length + layout.Window.Suffix.Length, 0, budget);
                    int document =
                        tokenizer.Encode(before, AddedTokenParsing.None).Length + tokenizer.Encode(behind, AddedTokenParsing.None).Length;
                    // What fits beside snippets is not cut for them, but for their share.
                    Assert.True(document > budget - (budget / 8) || layout.Window is { PrefixStart: 0 });
                },
                iter: 500
            );
    }

    private int[] Ids(string text) => tokenizer.Encode(text, AddedTokenParsing.None);
}
