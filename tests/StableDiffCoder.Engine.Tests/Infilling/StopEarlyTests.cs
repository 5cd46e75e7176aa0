using CsCheck;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Tests.Infilling;

public sealed class StopEarlyTests : IDisposable
{
    private readonly InfillCheckpoint checkpoint = new();
    private readonly LoadedModel model;

    public StopEarlyTests() =>
        model = LoadedModel.Load(checkpoint.Path, new ModelLoadOptions { Threads = 1, DataType = "float32" }, null, CancellationToken.None);

    public void Dispose()
    {
        model.Dispose();
        checkpoint.Dispose();
    }

    private int[] Ids(string text) => model.Tokenizer.Encode(text, AddedTokenParsing.None);

    [Fact]
    public void HasAppeared_AnyTextAndStops_DecidesAsTheWholeTextDoes()
    {
        Gen<string> words = Gen.Char["abc"].Array[1, 4].Select(letters => new string(letters));
        Gen.Select(Gen.Char["abc"].Array[0, 20].Select(letters => new string(letters)), words.Array[1, 3], Gen.Int[1, 5])
            .Sample(
                (text, stops, step) =>
                {
                    int[] ids = Ids(text);
                    var options = new InfillOptions { StopStrings = stops };
                    NewText From(int count) => NewText.From(model, ids[..count], new double[count], options);
                    var watch = new StopStringWatch(model, stops);
                    for (int count = 0; count <= ids.Length; count = Math.Min(count + step, ids.Length + (count == ids.Length ? 1 : 0)))
                    {
                        if (watch.HasAppeared(ids[..count]))
                        {
                            Assert.Equal(InfillStop.StopString, From(count).Stop);
                            Assert.Equal(From(ids.Length).Text, From(count).Text);
                            return;
                        }
                    }
                    // It may only have waited for a longer one in vain.
                    string rest = From(ids.Length).Text;
                    Assert.True(
                        rest == text
                            || stops.Any(stop =>
                                Enumerable.Range(1, stop.Length - 1).Any(n => text.EndsWith(stop[..n], StringComparison.Ordinal))
                            )
                    );
                },
                threads: 1
            );
    }

    [Fact]
    public void HasAppeared_LongerStopMayStartEarlier_Waits()
    {
        var watch = new StopStringWatch(model, ["c", "abcd"]);
        Assert.False(watch.HasAppeared(Ids("ab")));
        Assert.False(watch.HasAppeared(Ids("abc")));
        Assert.True(watch.HasAppeared(Ids("abcx")));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(";\n}\n", null)] // too little
    [InlineData(";\n        return total;\n    }\n", ";\n        return total;")]
    [InlineData("\n    }\n\n    public int Next()\n", "\n    }\n\n    public int Next()")]
    [InlineData("\r\n    Console.WriteLine();\r\n", "\r\n    Console.WriteLine();")]
    [InlineData("return values;", "return values;")] // to the end of the text
    [InlineData("return value", null)] // eleven
    public void Start_TextBehind_IsWholeLinesOfTwelveCharacters(string behind, string? expected) =>
        Assert.Equal(expected, FollowingText.Start(behind));

    [Fact]
    public void Start_LineTooLong_IsNull()
    {
        Assert.Null(FollowingText.Start(new string('x', 500)));
        Assert.Null(FollowingText.Start(new string('x', 500) + "\n"));
    }

    [Fact]
    public void From_FollowingText_EndsBeforeIt()
    {
        int[] ids = Ids("x = 1;\n    return x;\n}");
        NewText text = NewText.From(model, ids, new double[ids.Length], new InfillOptions(), "\n    return x;");
        Assert.Equal(("x = 1;", InfillStop.Suffix), (text.Text, text.Stop));
        NewText stopped = NewText.From(model, ids, new double[ids.Length], new InfillOptions { StopStrings = ["="] }, "\n    return x;");
        Assert.Equal(("x ", InfillStop.StopString), (stopped.Text, stopped.Stop));
        NewText free = NewText.From(model, ids, new double[ids.Length], new InfillOptions(), "\n    return y;");
        Assert.Equal(InfillStop.Length, free.Stop);
    }

    [Fact]
    public async Task InfillAsync_StopAtSuffix_OnlyShortensTheText()
    {
        await using InfillEngine engine = await InfillEngine.LoadAsync(
            checkpoint.Path,
            new ModelLoadOptions { Threads = 1, DataType = "float32" },
            null,
            CancellationToken.None
        );
        await InfillSamples.Requests.SampleAsync(
            async request =>
            {
                // One span, since a fill changes what later spans see.
                InfillRequest free = request with
                {
                    Spans = [request.Spans[0]],
                    Options = new InfillOptions { MaxNewTokens = 12 },
                };
                InfillRequest stopping = free with { Options = free.Options with { StopAtSuffix = true } };
                InfilledSpan whole = (await engine.InfillAsync(free, null, CancellationToken.None)).Spans[0];
                InfilledSpan stopped = (await engine.InfillAsync(stopping, null, CancellationToken.None)).Spans[0];
                Assert.StartsWith(stopped.Text, whole.Text, StringComparison.Ordinal);
                Assert.True(stopped.Stop == InfillStop.Suffix || stopped.Text == whole.Text);
                Assert.True(stopped.Forwards <= whole.Forwards);
            },
            iter: 20,
            threads: 1
        );
    }
}
