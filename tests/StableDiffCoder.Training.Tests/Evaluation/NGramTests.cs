using CsCheck;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Training.Evaluation;
using StableDiffCoder.Training.Evaluation.NGrams;
using StableDiffCoder.Training.Tokenizers;

namespace StableDiffCoder.Training.Tests.Evaluation;

public sealed class NGramTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void CountOf_AnyDocuments_EqualsCountingByHand() =>
        Gen.Select(Gen.Int[0, 3].Select(id => (ushort)id).Array[0, 12].Array[1, 3], Gen.Int[0, 3].Array[0, 3])
            .Sample(
                (documents, ngram) =>
                {
                    NGramTable table = NGramTable.Count([.. documents.Select(document => (ReadOnlyMemory<ushort>)document)], 3, 4);
                    int expected = documents.Sum(document =>
                        Enumerable
                            .Range(0, document.Length)
                            .Count(i => document.Skip(i).Take(ngram.Length).Select(id => (int)id).SequenceEqual(ngram))
                    );
                    return table.CountOf(ngram) == expected;
                },
                iter: 500
            );

    [Fact]
    public void ForEachFollower_GivesTokensInOrderWithCounts()
    {
        NGramTable table = Table(3, [1, 2, 1, 3, 1, 2], [1]);
        var followers = new List<(int, long, long)>();

        table.ForEachFollower([1], (token, count, total) => followers.Add((token, count, total)));

        // The 1 that ends the second document has no follower but counts as a context.
        Assert.Equal([(2, 2, 4), (3, 1, 4)], followers);
    }

    [Fact]
    public void Count_WidestWindows_Fit128Bits()
    {
        NGramTable table = NGramTable.Count([new ushort[] { 65534, 65534, 1, 65534 }], 8, 65535);

        Assert.Equal(3, table.CountOf([65534]));
        Assert.Equal(1, table.CountOf([65534, 65534]));
        Assert.Throws<ArgumentException>(() => NGramTable.Count([], 9, 65535));
    }

    [Fact]
    public void Next_LongestContextWins_ThenBacksOff()
    {
        var model = new NGramModel(Table(3, [1, 2, 3, 4, 2, 5, 4, 2, 5]), new NGramOptions { Order = 3, CacheWeight = 0 });
        NGramTable cache = model.Cache([], []);

        Assert.Equal(3, model.Next([1, 2], cache, _ => true));
        Assert.Equal(5, model.Next([3, 2], cache, _ => true));
        Assert.Equal(5, model.Next([1, 2], cache, token => token != 3));
        Assert.Equal(2, model.Next([7, 7], cache, _ => true));
        Assert.Null(model.Next([1, 2], cache, _ => false));
    }

    [Fact]
    public void Next_CacheOutweighsTraining()
    {
        var model = new NGramModel(Table(3, [1, 2, 3, 1, 2, 3]), new NGramOptions { Order = 3, CacheWeight = 0.9 });

        Assert.Equal(6, model.Next([1, 2], model.Cache([1, 2, 6], []), _ => true));
        Assert.Equal(3, model.Next([1, 2], model.Cache([5], [5]), _ => true));
    }

    [Theory]
    [InlineData("        ", "\n")] // The blanks before the hole are part of "       " and " return" in the training text.
    [InlineData("        ret", "\n")] // A cut inside a word.
    [InlineData("", "\n")]
    public async Task FillAsync_LineSeenInTraining_IsFound(string prefix, string suffix)
    {
        const string training = "int Add()\n{\n        return left;\n}\nint Sub()\n{\n        return left;\n}\n";
        NGramHoleFiller filler = Filler(training);
        var hole = new Hole("a", HoleKind.SingleLine, "int Mul()\n{\n" + prefix, suffix, "");

        HoleFill fill = await filler.FillAsync(hole, 64, CancellationToken.None);

        Assert.Equal("        return left;", prefix + fill.Text);
    }

    [Fact]
    public async Task FillAsync_Budget_IsKept()
    {
        NGramHoleFiller filler = Filler("a a a a a a a a a a a a a a a a a a a a a");

        HoleFill fill = await filler.FillAsync(new Hole("a", HoleKind.InLine, "", "", ""), 5, CancellationToken.None);

        Assert.Equal(5, fill.Tokens);
    }

    private static NGramTable Table(int order, params ushort[][] documents) =>
        NGramTable.Count([.. documents.Select(document => (ReadOnlyMemory<ushort>)document)], order, 8);

    private NGramHoleFiller Filler(string training)
    {
        TokenizerJson.Write(
            BpeTrainer.Train([training], new BpeTrainingOptions { VocabularySize = 300 }, null, default),
            folder.At("t.json")
        );
        HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.Load(folder.At("t.json"));
        ushort[] ids = [.. tokenizer.Encode(training, parseSpecial: false).Select(id => (ushort)id)];
        var options = new NGramOptions();
        return new NGramHoleFiller(new NGramModel(NGramTable.Count([ids], options.Order, tokenizer.VocabularySize), options), tokenizer);
    }
}
