using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Runtime;

namespace StableDiffCoder.Engine.Tests.Infilling;

/// <summary>An engine that remembers prompts answers as one that does not, and computes less.</summary>
public sealed class PrefixReuseTests
{
    private static Task<InfillEngine> Load(InfillCheckpoint checkpoint, int megabytes) =>
        InfillEngine.LoadAsync(
            checkpoint.Path,
            new ModelLoadOptions
            {
                Threads = 1,
                DataType = "float32",
                PrefixCacheMegabytes = megabytes,
            },
            null,
            CancellationToken.None
        );

    private static InfillRequest Cursor(string text, int at, InfillOptions options) =>
        new()
        {
            Text = text,
            Spans = [new TextSpan(at, 0)],
            Options = options,
        };

    [Theory]
    [InlineData(SamplerKind.Reference, 1)]
    [InlineData(SamplerKind.Fused, 2)]
    [InlineData(SamplerKind.Fused, 3)]
    [InlineData(SamplerKind.Speculative, 4)]
    public async Task InfillAsync_AnyEdits_AnswersAsWithoutACache(SamplerKind sampler, int seed)
    {
        using var checkpoint = new InfillCheckpoint();
        await using InfillEngine caching = await Load(checkpoint, 1);
        await using InfillEngine plain = await Load(checkpoint, 0);
        // Seeded, not searched: random weights have near ties that rounding may decide either way.
        var random = new Random(seed);
        string[] documents = ["", "int x = 0;\n", "class A\n{\n    int B() => 1;\n}\n"];
        var options = new InfillOptions { MaxNewTokens = 6, Sampler = sampler };
        for (int i = 0; i < 40; i++)
        {
            int document = random.Next(documents.Length);
            documents[document] = Edit(documents[document], random);
            string text = documents[document];
            InfillRequest request = Cursor(text, random.Next(text.Length + 1), options with { ContextTokens = random.Next(20, 90) });
            if (random.Next(4) == 0)
            {
                await Cancel(caching, request, random.Next(1, 4));
            }
            InfilledSpan expected = (await plain.InfillAsync(request, null, CancellationToken.None)).Spans[0];
            InfilledSpan actual = (await caching.InfillAsync(request, null, CancellationToken.None)).Spans[0];
            Assert.Equal(expected.Text, actual.Text);
            Assert.Equal(expected.Stop, actual.Stop);
            Assert.Equal(expected.Forwards, actual.Forwards);
            Assert.Equal(expected.Confidences, actual.Confidences, (a, b) => Math.Abs(a - b) < 1e-4);
            Assert.Equal((expected.PromptTokens, 0), (actual.PromptTokens, expected.ReusedTokens));
            Assert.InRange(actual.ReusedTokens, 0, actual.PromptTokens);
        }
        Assert.Equal(0, plain.CacheStatistics.Requests);
        Assert.InRange(caching.CacheStatistics.ReusedTokens, 1, caching.CacheStatistics.PromptTokens);
    }

    private static string Edit(string text, Random random)
    {
        int at = random.Next(text.Length + 1);
        return random.Next(4) switch
        {
            0 when at < text.Length => text.Remove(at, 1),
            1 => text.Insert(at, "\n    return x;"),
            _ => text.Insert(at, ((string[])["a", " ", "(", "😀", "\r\n"])[random.Next(5)]),
        };
    }

    private static async Task Cancel(InfillEngine engine, InfillRequest request, int afterForwards)
    {
        using var cancellation = new CancellationTokenSource();
        int seen = 0;
        var progress = new Recorder<InfillCanvas>(
            [],
            _ =>
            {
                if (++seen == afterForwards)
                {
                    cancellation.Cancel();
                }
            }
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.InfillAsync(request, progress, cancellation.Token));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task InfillAsync_TypingOn_ComputesTheChangedTailOnly(int snippets)
    {
        using var checkpoint = new InfillCheckpoint(maxPositions: 2048);
        await using InfillEngine engine = await Load(checkpoint, 64);
        string before = string.Concat(Enumerable.Range(0, 40).Select(i => $"    int value{i} = {i};\n"));
        string behind = string.Concat(Enumerable.Range(0, 40).Select(i => $"\n    void Method{i}() {{ }}"));
        const string Typed = "    foreach (var item in values)\n    {\n        Console.WriteLine(item);\n";
        var options = new InfillOptions { MaxNewTokens = 4, ContextTokens = 600 };
        var computed = new List<int>();
        for (int length = 0; length <= Typed.Length; length++)
        {
            string text = before + Typed[..length] + behind;
            InfillRequest request = Cursor(text, before.Length + length, options) with
            {
                Snippets = [.. Enumerable.Range(0, snippets).Select(i => new ContextSnippet { Path = $"{i}.cs", Text = $"class A{i};\n" })],
            };
            InfillResult result = await engine.InfillAsync(request, null, CancellationToken.None);
            InfilledSpan fill = result.Spans[0];
            Assert.True(fill.PromptTokens > 500, $"{fill.PromptTokens} tokens: the context is cut, as it is meant to be here");
            computed.Add(fill.PromptTokens - fill.ReusedTokens);
        }
        // A changed last token, the token behind it that ends the prompt, and a block that was not whole.
        int moved = computed.Skip(1).Count(tokens => tokens > 10);
        Assert.True(moved <= 3, $"computed {string.Join(", ", computed)}");
        PrefixCacheStatistics counts = engine.CacheStatistics;
        Assert.Equal(computed.Sum(), counts.PromptTokens - counts.ReusedTokens);
    }
}
