using StableDiffCoder.Training.Data;
using StableDiffCoder.Training.Tests.Running;

namespace StableDiffCoder.Training.Tests.Data;

public sealed class InPlaceLayoutTests : IDisposable
{
    private readonly TinyCorpus corpus = new();

    public void Dispose() => corpus.Dispose();

    [Fact]
    public void Lay_HolesFilledAndFillerLeftOut_IsTextOfTheDocument()
    {
        string document = TinyCorpus.Documents[3];
        ushort[] tokens = [.. corpus.Tokenizer.Encode(document, parseSpecial: false).Select(id => (ushort)id)];
        int eos = corpus.Tokenizer.Special.Eos!.Value;
        var layout = new InPlaceLayout(corpus.Tokenizer);
        for (int i = 0; i < 40; i++)
        {
            TrainingSample sample = layout.Lay(tokens, 4096, new SampleRandom(3, i));
            Assert.Equal(document, corpus.Tokenizer.Decode([.. sample.Ids.Where(id => id != eos)]));
            Assert.Equal(eos, sample.Ids[^1]);
            Assert.False(sample.Eligible![^1], "the document's own end is no part of a hole");
            Assert.Contains(true, sample.Eligible);
            Assert.All(
                sample.Ids.Zip(sample.Eligible).SkipLast(1).Where(token => token.First == eos),
                filler => Assert.True(filler.Second)
            );
        }
    }

    [Fact]
    public void Lay_LittleRoom_LosesTheFarEndsNotTheHoles()
    {
        ushort[] tokens = [.. corpus.Tokenizer.Encode(TinyCorpus.Documents[3], parseSpecial: false).Select(id => (ushort)id)];
        var layout = new InPlaceLayout(corpus.Tokenizer);
        for (int i = 0; i < 40; i++)
        {
            TrainingSample sample = layout.Lay(tokens.AsSpan(0, 40), 40, new SampleRandom(4, i));
            int holes = sample.Eligible!.Count(inHole => inHole);
            Assert.InRange(sample.Ids.Count, 1, Math.Max(40, holes + 40));
            Assert.True(holes > 0);
            Assert.True(sample.Ids.Count <= 40 || sample.Eligible![0] || sample.Eligible![^1], "only holes and what is between them stay");
        }
    }

    [Theory]
    [InlineData(0, new[] { 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64 })]
    [InlineData(6, new[] { 8, 12, 16, 24, 32, 48, 64 })]
    [InlineData(48, new[] { 64 })]
    [InlineData(70, new[] { 96 })]
    public void HoleLength_LeavesRoomForAnEos(int tokens, int[] lengths)
    {
        int[] drawn = [.. Enumerable.Range(0, 600).Select(i => InPlaceLayout.HoleLength(tokens, new SampleRandom(5, i)))];
        Assert.Equal(lengths, drawn.Distinct().Order());
        Assert.InRange(drawn.Count(length => length == lengths[0]), lengths.Length == 1 ? 600 : 250, lengths.Length == 1 ? 600 : 350);
    }

    [Fact]
    public void Build_InPlaceRows_MarkHolesAndPlainText()
    {
        var builder = new RowBuilder(
            TokenSource.Open([Path.Combine(corpus.Root, "train.bin")]),
            corpus.Tokenizer,
            128,
            1,
            new InPlaceLayout(corpus.Tokenizer)
        );
        TrainingRow[] rows = [.. Enumerable.Range(0, 30).Select(i => builder.Build(new SampleRandom(6, i)))];
        Assert.All(rows, row => Assert.Equal(128, row.Ids.Length));
        Assert.All(rows, row => Assert.Equal(128, row.Eligible?.Length ?? 128));
        Assert.True(rows.Average(row => row.EligibleCount) is > 8 and < 100, $"{rows.Average(row => row.EligibleCount)} of 128");
    }
}
