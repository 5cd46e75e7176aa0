using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Training.Data;
using StableDiffCoder.Training.Tests.Running;

namespace StableDiffCoder.Training.Tests.Data;

public sealed class RowBuilderTests : IDisposable
{
    private readonly TinyCorpus corpus = new();

    public void Dispose() => corpus.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(0.7)]
    [InlineData(1)]
    public void Build_AnyShare_FillsTheRowExactlyAndIsAFunctionOfItsKey(double share)
    {
        RowBuilder builder = Builder(share);
        for (int i = 0; i < 50; i++)
        {
            int[] row = builder.Build(new SampleRandom(1, i)).Ids;
            Assert.Equal(128, row.Length);
            Assert.Equal(row, builder.Build(new SampleRandom(1, i)).Ids);
        }
    }

    [Fact]
    public void Build_FimSample_PutTogetherIsTextOfADocument()
    {
        RowBuilder builder = Builder(1);
        HuggingFaceTokenizer tokenizer = corpus.Tokenizer;
        int found = 0;
        for (int i = 0; i < 50; i++)
        {
            List<int> row = [.. builder.Build(new SampleRandom(2, i)).Ids];
            int prefix = row.IndexOf(tokenizer.Special.FimPrefix!.Value);
            int middle = row.IndexOf(tokenizer.Special.FimMiddle!.Value);
            int eos = row.IndexOf(tokenizer.Special.Eos!.Value);
            if (row[0] != tokenizer.Special.FimSuffix!.Value || eos < middle)
            {
                continue;
            }
            string text =
                tokenizer.Decode(row[(prefix + 1)..middle]) + tokenizer.Decode(row[(middle + 1)..eos]) + tokenizer.Decode(row[1..prefix]);
            Assert.Contains(TinyCorpus.Documents, document => document.Contains(text, StringComparison.Ordinal));
            found++;
        }
        Assert.True(found > 20, $"{found} whole FIM samples");
    }

    [Fact]
    public void Build_HolesOnly_CountsTheMiddlesAndTheirEndsAlone()
    {
        HuggingFaceTokenizer tokenizer = corpus.Tokenizer;
        var builder = new RowBuilder(
            TokenSource.Open([Path.Combine(corpus.Root, "train.bin")]),
            tokenizer,
            128,
            1,
            new FimLayout(tokenizer, holesOnly: true),
            largestSample: 60
        );
        for (int i = 0; i < 20; i++)
        {
            TrainingRow row = builder.Build(new SampleRandom(3, i));
            int middle = Array.IndexOf(row.Ids, tokenizer.Special.FimMiddle!.Value);
            int end = Array.IndexOf(row.Ids, tokenizer.Special.Eos!.Value, middle);
            Assert.InRange(end, middle, 59);
            Assert.Equal(Enumerable.Range(0, end + 1).Select(p => p > middle), Enumerable.Range(0, end + 1).Select(row.Counts));
        }
    }

    private RowBuilder Builder(double share) =>
        new(TokenSource.Open([Path.Combine(corpus.Root, "train.bin")]), corpus.Tokenizer, 128, share);
}
