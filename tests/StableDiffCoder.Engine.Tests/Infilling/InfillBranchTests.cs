using CsCheck;
using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Engine.Tests.Infilling;

/// <summary>A branch is the generation that has the kept tokens in its prompt, and never the text that it branches off.</summary>
public sealed class InfillBranchTests
{
    private static readonly ModelLoadOptions OneThread = new() { Threads = 1, DataType = "float32" };

    private static Task<InfillEngine> Load(InfillCheckpoint checkpoint) =>
        InfillEngine.LoadAsync(checkpoint.Path, OneThread, null, CancellationToken.None);

    [Fact]
    public async Task InfillAsync_Branch_EqualsTheGenerationBehindTheKeptTokens()
    {
        using var checkpoint = new InfillCheckpoint();
        await using InfillEngine engine = await Load(checkpoint);
        using LoadedModel model = LoadedModel.Load(checkpoint.Path, OneThread, null, CancellationToken.None);
        InfillRequest request = Cursor("int x = ;", 8, 12);
        InfilledSpan first = await FillAsync(engine, request);
        int[] prompt = model.FimPrompt("int x = ", ";", 12);
        int[] ids = [.. first.Choices.Select(choice => choice.Id)];
        for (int position = 0; position < ids.Length; position++)
        {
            InfilledSpan other = await FillAsync(engine, request with { Branch = first.BranchAt(position) });
            int left = Math.Max(1, (12 - position) / 4) * 4;
            Generation plain = new FusedCommitSampler(model.Transformer, model.SpecialIds).Generate(
                [.. prompt, .. ids.Take(position)],
                new SamplerOptions { GenLength = left, ForbiddenFirst = [ids[position]] },
                GenerationHooks.None,
                CancellationToken.None
            );
            int[] whole = [.. ids.Take(position), .. plain.NewIds];
            int[] choices = [.. other.Choices.Select(choice => choice.Id)];
            Assert.Equal(whole.Take(choices.Length), choices);
            Assert.True(choices.Length > position, "nothing new");
            Assert.Equal(first.Choices.Take(position), other.Choices.Take(position));
            Assert.Equal(first.PromptTokens, other.PromptTokens);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InfillAsync_BranchOfAnyDocument_BeginsAsKeptAndGoesOnOtherwise(bool inPlace)
    {
        using var checkpoint = new InfillCheckpoint(inPlace, eosWeight: 1.5);
        await using InfillEngine engine = await Load(checkpoint);
        var gen = Gen.Select(InfillSamples.Requests, Gen.Int[0, 1000], Gen.Int[1, 10]);
        await gen.SampleAsync(
            async sample =>
            {
                (InfillRequest several, int at, int tokens) = sample;
                InfillRequest request = several with
                {
                    Spans = [several.Spans[0]],
                    Options = new InfillOptions { MaxNewTokens = tokens, Threshold = 0.5 },
                };
                InfilledSpan first = await FillAsync(engine, request);
                if (first.Choices.Count == 0)
                {
                    return;
                }
                int position = at % first.Choices.Count;
                InfilledSpan other = await FillAsync(engine, request with { Branch = first.BranchAt(position) });
                Assert.Equal(first.Choices.Take(position), other.Choices.Take(position));
                // A text may end, between characters, where the kept tokens do.
                Assert.True(other.Choices.Count == position || other.Choices[position].Id != first.Choices[position].Id);
                Assert.InRange(other.Tokens, 0, tokens);
                Assert.All(other.Choices, choice => Assert.InRange(choice.End, 0, other.Text.Length));
            },
            iter: 60,
            threads: 1
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InfillAsync_BranchThatCannotBe_IsRefused(bool inPlace)
    {
        using var checkpoint = new InfillCheckpoint(inPlace);
        await using InfillEngine engine = await Load(checkpoint);
        InfillRequest request = Cursor("int x = ;", 8, 4);
        InfillBranch[] branches =
        [
            new() { Kept = [], Forbidden = [] },
            new() { Kept = [], Forbidden = [-1] },
            new() { Kept = [], Forbidden = [100_000] },
            new() { Kept = [new TokenChoice(280, 1, 1)], Forbidden = [20] },
            new() { Kept = [new TokenChoice(InfillCheckpoint.Mask, 1, 0)], Forbidden = [20] },
            new() { Kept = [new TokenChoice(InfillCheckpoint.Eos, 1, 0)], Forbidden = [20] },
            new() { Kept = [.. Enumerable.Repeat(new TokenChoice(20, 1, 1), 4)], Forbidden = [20] },
        ];
        foreach (InfillBranch branch in branches)
        {
            await Assert.ThrowsAsync<ArgumentException>(() => FillAsync(engine, request with { Branch = branch }));
        }
        InfillRequest two = request with { Spans = [new TextSpan(0, 1), new TextSpan(8, 0)] };
        await Assert.ThrowsAsync<ArgumentException>(() =>
            engine.InfillAsync(
                two with
                {
                    Branch = new InfillBranch { Kept = [], Forbidden = [20] },
                },
                null,
                CancellationToken.None
            )
        );
    }

    [Fact]
    public void BranchAt_NoSuchChoice_Throws()
    {
        var span = new InfilledSpan
        {
            Span = new TextSpan(0, 0),
            Text = "",
            Tokens = 0,
            Forwards = 1,
            Stop = InfillStop.Length,
        };
        Assert.Throws<ArgumentOutOfRangeException>(() => span.BranchAt(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => span.BranchAt(-1));
    }

    private static InfillRequest Cursor(string text, int at, int maxNewTokens) =>
        new()
        {
            Text = text,
            Spans = [new TextSpan(at, 0)],
            Options = new InfillOptions { MaxNewTokens = maxNewTokens },
        };

    private static async Task<InfilledSpan> FillAsync(InfillEngine engine, InfillRequest request) =>
        Assert.Single((await engine.InfillAsync(request, null, CancellationToken.None)).Spans);
}
