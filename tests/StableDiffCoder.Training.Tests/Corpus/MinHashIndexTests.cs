using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Tests.Corpus;

public class MinHashIndexTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(700)]
    [InlineData(1000)]
    public void Similarity_EstimatesJaccard(int shared)
    {
        ulong[] first = [.. Enumerable.Range(0, 1000).Select(i => Shingles.Mix((ulong)i))];
        ulong[] second = [.. Enumerable.Range(1000 - shared, 1000).Select(i => Shingles.Mix((ulong)i))];
        double jaccard = (double)first.Intersect(second).Count() / first.Union(second).Count();

        double estimate = MinHashIndex.Similarity(MinHashIndex.Sign(first), MinHashIndex.Sign(second));

        // Three standard errors of 64 hashes.
        Assert.InRange(estimate, jaccard - (3 * 0.0625), jaccard + (3 * 0.0625));
    }

    [Fact]
    public void TryAdd_OneChangedLineInForty_IsRefused_AndOtherTextIsNot()
    {
        string[] lines = [.. Enumerable.Range(0, 200).Select(i => $"int value{i} = {i * 17};")];
        string[] changed = [.. lines];
        changed[100] = "int other = 0;";
        string[] unlike = [.. lines.Select((line, i) => i % 3 == 0 ? line + " // " + i : line)];
        var index = new MinHashIndex(0.7);

        Assert.True(index.TryAdd(Sign(lines)));
        Assert.False(index.TryAdd(Sign(changed)));
        Assert.True(index.TryAdd(Sign(unlike)));
    }

    [Fact]
    public void Of_IndentationAndBlankLines_DoNotCount() =>
        Assert.Equal(Shingles.Of("a b\n\n  c\nd\ne\nf\ng"), Shingles.Of("ab\nc\n\td\n\n\ne\n f\ng\n"));

    private static uint[] Sign(string[] lines) => MinHashIndex.Sign(Shingles.Of(string.Join('\n', lines)));
}
