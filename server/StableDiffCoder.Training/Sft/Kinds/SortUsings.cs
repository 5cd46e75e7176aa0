using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Sft.Syntax;

namespace StableDiffCoder.Training.Sft.Kinds;

/// <summary>Sorts the usings: those of System first, each part in the order of its names.</summary>
public sealed class SortUsings : IEditKind
{
    /// <inheritdoc/>
    public string Name => "sort-usings";

    /// <inheritdoc/>
    public IReadOnlyList<string> Phrasings { get; } =
    ["sort the usings", "Sort the using directives, System first.", "order the usings alphabetically with System first", "sort usings"];

    /// <inheritdoc/>
    public IReadOnlyList<string> HeldOutPhrasings { get; } =
    ["put the usings in alphabetical order", "tidy the order of the using directives"];

    /// <inheritdoc/>
    public IEnumerable<EditSite> Find(EditSource source)
    {
        foreach (UsingBlock block in UsingBlock.Of(source))
        {
            UsingDirectiveSyntax[] sorted =
            [
                .. block
                    .Directives.OrderBy(directive => IsSystem(directive.Name!.ToString()) ? 0 : 1)
                    .ThenBy(directive => directive.Name!.ToString(), StringComparer.Ordinal),
            ];
            if (!sorted.SequenceEqual(block.Directives))
            {
                yield return Sites.Of(
                    [block.Region],
                    [.. block.Directives.Select((directive, i) => new TextChange(directive.Span, sorted[i].ToString()))]
                );
            }
        }
    }

    private static bool IsSystem(string name) => name == "System" || name.StartsWith("System.", StringComparison.Ordinal);
}
