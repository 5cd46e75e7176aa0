using CsCheck;
using StableDiffCoder.Training.Data;

namespace StableDiffCoder.Training.Tests.Data;

public sealed class TrainingHolesTests
{
    private static readonly string[] Pieces = ["\n", "\r\n", "    ", "\t", "😀", "é", " ", "word", "x1"];

    private static readonly Gen<string> Text = Gen.Int[0, Pieces.Length - 1]
        .Array[1, 30]
        .Select(pick => string.Concat(pick.Select(i => Pieces[i])));

    [Fact]
    public void Choose_AnyText_GivesARangeThatCutsNoPair() =>
        Gen.Select(Text, Gen.Long)
            .Sample(
                (text, seed) =>
                {
                    (int start, int end) = TrainingHoles.Choose(text, new SampleRandom(seed));
                    Assert.InRange(start, 0, text.Length);
                    Assert.InRange(end, start, text.Length);
                    Assert.False(start > 0 && start < text.Length && char.IsLowSurrogate(text[start]));
                    Assert.False(end > 0 && end < text.Length && char.IsLowSurrogate(text[end]));
                }
            );

    [Fact]
    public void Choose_ManyDraws_CoversEveryKindOfHole()
    {
        const string text = "class A\n{\n    int x = 1;\n    int y = 2;\n}\n";
        string[] holes =
        [
            .. Enumerable
                .Range(0, 500)
                .Select(seed => TrainingHoles.Choose(text, new SampleRandom(seed)))
                .Select(h => text[h.Start..h.End]),
        ];
        Assert.Contains("int x = 1;", holes);
        Assert.Contains("= 2;", holes);
        Assert.Contains(holes, hole => hole.Contains('\n', StringComparison.Ordinal));
        Assert.Contains(holes, hole => hole.Length is > 0 and < 3);
    }
}
