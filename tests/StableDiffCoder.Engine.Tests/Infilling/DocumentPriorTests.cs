using CsCheck;
using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Tests.Infilling;

public sealed class DocumentPriorTests : IDisposable
{
    private readonly InfillCheckpoint checkpoint = new();
    private readonly LoadedModel model;

    public DocumentPriorTests()
    {
        model = LoadedModel.Load(checkpoint.Path, new ModelLoadOptions { Threads = 1, DataType = "float32" }, null, CancellationToken.None);
    }

    public void Dispose()
    {
        model.Dispose();
        checkpoint.Dispose();
    }

    private DocumentPrior Prior(string before, string behind = "", string kept = "", double strength = 0.9, string[]? others = null) =>
        new(model, before, behind, others ?? [], Ids(kept), strength);

    private int[] Ids(string text) => [.. model.Tokenizer.Encode(text, AddedTokenParsing.None)];

    private int First(string text) => Ids(text)[0];

    [Fact]
    public void Next_TextSeenBefore_IsWhatFollowedItThere()
    {
        TokenShare share = Prior("alpha.beta = 1;\nalpha.").Next([])!;
        Assert.Equal([KeyValuePair.Create(First("beta"), 1.0)], share.Probabilities);
    }

    [Fact]
    public void Next_TextSeenBehindTheHole_IsWhatFollowsItThere()
    {
        TokenShare share = Prior("alpha.", "\nalpha.beta = 1;").Next([])!;
        Assert.Equal([KeyValuePair.Create(First("beta"), 1.0)], share.Probabilities);
    }

    [Fact]
    public void Next_TextOfAnotherDocument_IsWhatFollowsItThere()
    {
        TokenShare share = Prior("alpha.", others: ["class C;", "alpha.beta = 1;"]).Next([])!;
        Assert.Equal([KeyValuePair.Create(First("beta"), 1.0)], share.Probabilities);
    }

    [Fact]
    public void Next_NewTokens_ContinueTheTextBefore()
    {
        const string Text = "count = count + step;\ncount";
        TokenShare share = Prior(Text).Next(Ids(" = count +"))!;
        Assert.Equal(First(" step"), Assert.Single(share.Probabilities).Key);
        share = Prior(Text, kept: " = count").Next(Ids(" +"))!;
        Assert.Equal(First(" step"), Assert.Single(share.Probabilities).Key);
    }

    [Fact]
    public void Next_HoleInsideAWord_GoesOnWithTheWord()
    {
        TokenShare share = Prior("return result;\nreturn res").Next([])!;
        Assert.Equal(First("ult"), Assert.Single(share.Probabilities).Key);
    }

    [Fact]
    public void Next_SeveralContinuations_AreSharedByTheirCounts()
    {
        TokenShare share = Prior("a:call(x);b:call(y);c:call(x);d:call(").Next([])!;
        Assert.Equal(2.0 / 3, share.Probabilities[First("x")], 12);
        Assert.Equal(1.0 / 3, share.Probabilities[First("y")], 12);
    }

    [Fact]
    public void Next_LongerAgreement_OutvotesShorterOnesAndWeighsMore()
    {
        TokenShare shorter = Prior("a:call(x);b:call(").Next([])!;
        TokenShare longer = Prior("a:call(x);b:call(x);c:my.new.call(y);d:my.new.call(").Next([])!;
        Assert.Equal(First("y"), Assert.Single(longer.Probabilities).Key);
        // One place each: agreement over 13 characters (":my.new.call("), and over 6 (":call(").
        Assert.Equal(0.9 * 13 / (13 + 8) / 1.2, longer.Weight, 12);
        Assert.Equal(0.9 * 6 / (6 + 8) / 1.2, shorter.Weight, 12);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("abc", "abcd")]
    [InlineData("nothing like this is here", "or there")]
    public void Next_NothingAgrees_SaysNothing(string before, string behind) => Assert.Null(Prior(before, behind).Next([]));

    [Fact]
    public void Next_ControlTokens_AreNotPartOfTheText()
    {
        TokenShare share = Prior("alpha.beta = 1;\nalpha").Next([InfillCheckpoint.FimMiddle, .. Ids(".")])!;
        Assert.Equal(First("beta"), Assert.Single(share.Probabilities).Key);
    }

    [Fact]
    public void Next_AnyDocument_IsADistributionOverOrdinaryTokens() =>
        Gen.Select(InfillSamples.Texts, InfillSamples.Texts, InfillSamples.Texts)
            .Sample(
                (before, behind, added) =>
                {
                    TokenShare? share = Prior(before + before, behind).Next(Ids(added));
                    Assert.True(share is null || (share.Weight is > 0 and < 0.9 && Math.Abs(share.Probabilities.Values.Sum() - 1) < 1e-9));
                    Assert.DoesNotContain(share?.Probabilities.Keys ?? [], id => model.IsControl(id) || !model.Tokenizer.HasToken(id));
                },
                iter: 300,
                threads: 1
            );

    [Fact]
    public async Task InfillAsync_DocumentPrior_CopiesTheDocumentWhereTheModelIsAtALoss()
    {
        await using InfillEngine engine = await InfillEngine.LoadAsync(
            checkpoint.Path,
            new ModelLoadOptions { Threads = 1, DataType = "float32" },
            null,
            CancellationToken.None
        );
        const string Text = "int total = first + second;\nint total = first + ";
        async Task<string> Fill(double prior)
        {
            var request = new InfillRequest
            {
                Text = Text,
                Spans = [new TextSpan(Text.Length, 0)],
                Options = new InfillOptions
                {
                    MaxNewTokens = 8,
                    Remasking = Engine.Model.RemaskingOrder.LeftToRight,
                    DocumentPrior = prior,
                },
            };
            return (await engine.InfillAsync(request, null, CancellationToken.None)).Spans[0].Text;
        }
        Assert.StartsWith("second;", await Fill(0.99), StringComparison.Ordinal);
        Assert.False((await Fill(0)).StartsWith("second;", StringComparison.Ordinal));
    }
}
