using StableDiffCoder.Lsp.Editing;

namespace StableDiffCoder.Lsp.Tests.Editing;

public sealed class GoldenTests
{
    private const int LeastCases = 6;
    private const int LeastQuietCases = 2;

    public static TheoryData<string> Names => [.. GoldenFiles.All.Keys];

    public static TheoryData<string> Rules => [.. EditingPipeline.Inline.RuleNames];

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_GoldenCase_GivesTheExpectedText(string name)
    {
        GoldenCase golden = GoldenFiles.All[name];
        EditOutcome outcome = EditingPipeline.Inline.Apply(golden.Context, golden.ModelText, golden.CutShort);
        Assert.True(golden.SilentRule == outcome.Silence?.Rule, Report(golden, outcome));
        Assert.True(golden.After is null || golden.After == outcome.ApplyTo(golden.Text), Report(golden, outcome));
        Assert.True(golden.Fires.All(outcome.Fired.Contains), Report(golden, outcome));
        Assert.True(!golden.Quiet.Any(outcome.Fired.Contains), Report(golden, outcome));
        Assert.True(golden.Shape is null || golden.Shape == golden.Context.Shape.Kind.ToString(), Report(golden, outcome));
        if (outcome.Silence is null)
        {
            EditOutcome again = EditingPipeline.Inline.Apply(golden.Context, outcome.NewText);
            Assert.True(again.Silence is null && again.ApplyTo(golden.Text) == golden.After, "A second time:\n" + Report(golden, again));
        }
    }

    [Fact]
    public void Cases_Count_IsAtLeast120() => Assert.InRange(GoldenFiles.All.Count, 120, int.MaxValue);

    [Theory]
    [MemberData(nameof(Rules))]
    public void Cases_OfEachRule_AreEnough(string rule)
    {
        int fires = GoldenFiles.All.Values.Count(golden => golden.Fires.Contains(rule));
        int quiet = GoldenFiles.All.Values.Count(golden => golden.Quiet.Contains(rule));
        Assert.True(
            fires + quiet >= LeastCases && quiet >= LeastQuietCases && fires >= 2,
            $"{rule}: {fires} cases fire, {quiet} are quiet"
        );
    }

    [Fact]
    public void Cases_Names_AreRules()
    {
        IEnumerable<string> named = GoldenFiles.All.Values.SelectMany(golden => golden.Fires.Concat(golden.Quiet));
        Assert.Empty(named.Except(EditingPipeline.Inline.RuleNames));
    }

    private static string Report(GoldenCase golden, EditOutcome outcome)
    {
        string expected = golden.After is null ? $"silence: {golden.SilentRule}" : Show(golden.After);
        string actual = outcome.Silence is Silence silence
            ? $"silence: {silence.Rule} ({silence.Reason})"
            : Show(outcome.ApplyTo(golden.Text).Insert(outcome.Range.Start + outcome.NewText.Length, "┤").Insert(outcome.Range.Start, "├"));
        string rules =
            $"fired [{string.Join(", ", outcome.Fired)}], must fire [{string.Join(", ", golden.Fires)}], "
            + $"must not [{string.Join(", ", golden.Quiet)}]; shape {golden.Context.Shape.Kind}, expected {golden.Shape ?? "any"}";
        string place = Show(golden.Text.Insert(golden.Context.Replaced.End, "┤").Insert(golden.Context.Replaced.Start, "├"));
        return $"\n--- before\n{place}\n--- model\n{Show(golden.ModelText)}\n--- expected\n{expected}\n--- actual\n{actual}\n--- {rules}\n";
    }

    private static string Show(string text) =>
        text.Replace("\t", "→", StringComparison.Ordinal)
            .Replace(" \n", "·\n", StringComparison.Ordinal)
            .Replace("\r", "␍", StringComparison.Ordinal);
}
