using StableDiffCoder.Training.Objectives;

namespace StableDiffCoder.Training.Tests.Objectives;

public sealed class TrainingMaskTests
{
    [Fact]
    public void Sees_FourTokensInBlocksOfTwo_IsTheLayoutDrawnOut()
    {
        // Rows and columns: noisy 0 1 | 2 3, clean 0 1 | 2 3.
        string[] drawn =
        [
            "##......", // noisy block 0: itself
            "##......",
            "..####..", // noisy block 1: itself and clean block 0
            "..####..",
            "....##..", // clean block 0: itself
            "....##..",
            "....####", // clean block 1: clean blocks 0 and 1
            "....####",
        ];
        for (int i = 0; i < 8; i++)
        {
            string row = string.Concat(Enumerable.Range(0, 8).Select(j => TrainingMask.Sees(i, j, 4, 2) ? '#' : '.'));
            Assert.Equal(drawn[i], row);
        }
    }
}
