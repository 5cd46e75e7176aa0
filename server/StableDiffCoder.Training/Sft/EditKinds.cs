using StableDiffCoder.Training.Sft.Kinds;

namespace StableDiffCoder.Training.Sft;

/// <summary>All kinds of edits.</summary>
public static class EditKinds
{
    /// <summary>The kinds, in the order of reports.</summary>
    public static IReadOnlyList<IEditKind> All { get; } =
    [
        new RenameVariable(),
        new NullCheck(NullCheckStyle.ThrowIfNull),
        new NullCheck(NullCheckStyle.IfThrow),
        new ToExpressionBody(),
        new ToBlockBody(),
        new InvertIf(),
        new VarToExplicitType(),
        new ExplicitTypeToVar(),
        new AddAsync(),
        new RemoveAsync(),
        new StringInterpolation(),
        new XmlSummary(),
        new ReadonlyField(),
        new ForEachToFor(),
        new ForToForEach(),
        new RemoveUsing(),
        new SortUsings(),
    ];
}
