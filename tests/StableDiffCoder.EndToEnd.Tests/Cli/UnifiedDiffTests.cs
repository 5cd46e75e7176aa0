using CsCheck;
using StableDiffCoder.Cli.Infilling;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

public sealed class UnifiedDiffTests
{
    private static readonly string[] Pieces = ["a\n", "b\n", "c\r\n", "\n", "d\r", "e"];

    private static readonly Gen<string> Text = Gen.Int[0, Pieces.Length - 1]
        .List[0, 40]
        .Select(indices => string.Concat(indices.Select(i => Pieces[i])));

    [Fact]
    public void Lines_AnyTwoTexts_PatchTheOneIntoTheOther() =>
        Gen.Select(Text, Text).Sample((from, to) => UnifiedDiffReader.Apply(Print(from, to), from) == to, iter: 2000);

    [Fact]
    public void Lines_SmallEditsFarApart_AreSeparateHunks()
    {
        string[] lines = [.. Enumerable.Range(0, 60).Select(i => $"line {i}\n")];
        string from = string.Concat(lines);
        (lines[5], lines[40]) = ("changed\n", "changed too\n");
        string to = string.Concat(lines);
        string diff = Print(from, to);
        Assert.Equal(2, diff.Split('\n').Count(line => line.StartsWith("@@", StringComparison.Ordinal)));
        Assert.Equal(to, UnifiedDiffReader.Apply(diff, from));
    }

    private static string Print(string from, string to) =>
        string.Concat(UnifiedDiff.Lines("a.cs", from, to).Select(line => line.Text + "\n"));
}
