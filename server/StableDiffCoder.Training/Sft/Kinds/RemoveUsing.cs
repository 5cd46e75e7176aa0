using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Sft.Syntax;

namespace StableDiffCoder.Training.Sft.Kinds;

/// <summary>
/// Removes a using that nothing can need: a second one of the same namespace, or one of a namespace of the framework none of whose types is
/// named in the file.
/// </summary>
public sealed class RemoveUsing : IEditKind
{
    /// <inheritdoc/>
    public string Name => "remove-using";

    /// <inheritdoc/>
    public IReadOnlyList<string> Phrasings { get; } =
    [
        "remove the unused using {namespace}",
        "Remove using {namespace}.",
        "delete the using of {namespace}",
        "{namespace} is not used, remove it",
        "drop the using directive for {namespace}",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> HeldOutPhrasings { get; } =
    ["nothing needs {namespace} here, take it out", "clean up: `using {namespace};` is unused"];

    /// <inheritdoc/>
    public IEnumerable<EditSite> Find(EditSource source)
    {
        // Code that is compiled away here, and queries, need usings without naming anything of them.
        if (source.Root.ContainsDirectives || source.Root.DescendantNodes().Any(node => node is QueryExpressionSyntax))
        {
            yield break;
        }
        var words = source
            .Root.DescendantTokens(descendIntoTrivia: true)
            .Where(token => token.Parent is SimpleNameSyntax)
            .Select(token => token.ValueText)
            .ToHashSet(StringComparer.Ordinal);
        foreach (UsingBlock block in UsingBlock.Of(source))
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (UsingDirectiveSyntax directive in block.Directives)
            {
                string name = directive.Name!.ToString();
                if (!seen.Add(name) || IsUnused(source.Model.Compilation, name, words))
                {
                    TextLine line = source.Lines.GetLineFromPosition(directive.SpanStart);
                    bool isLast = line.End == block.Region.End;
                    // The region ends before its last line's end, so a last line goes with the end of the one before.
                    TextSpan span = isLast
                        ? TextSpan.FromBounds(source.Lines[line.LineNumber - 1].End, line.End)
                        : line.SpanIncludingLineBreak;
                    yield return Sites.Of([block.Region], new TextChange(span, "")).With("namespace", name);
                }
            }
        }
    }

    // Extension methods are called by their own names, so these count as well as types'.
    private static bool IsUnused(Compilation compilation, string name, HashSet<string> words)
    {
        INamespaceSymbol? space = compilation.GlobalNamespace;
        foreach (string part in name.Split('.'))
        {
            space = space?.GetNamespaceMembers().FirstOrDefault(member => member.Name == part);
        }
        // What a namespace of other assemblies holds is not known here.
        if (space is null || !KnownWhole.Contains(name) || space.Locations.Any(location => location.IsInSource))
        {
            return false;
        }
        return !space
            .GetTypeMembers()
            .SelectMany(type =>
                type.IsStatic
                    ? type.GetMembers()
                        .OfType<IMethodSymbol>()
                        .Where(method => method.IsExtensionMethod)
                        .Select(method => method.Name)
                        .Append(type.Name)
                    : [type.Name]
            )
            .Any(word =>
                words.Contains(word)
                || (word.EndsWith("Attribute", StringComparison.Ordinal) && words.Contains(word[..^"Attribute".Length]))
            );
    }

    // Namespaces of the framework that the references hold whole.
    private static readonly HashSet<string> KnownWhole = new(StringComparer.Ordinal)
    {
        "System.Collections",
        "System.Globalization",
        "System.IO",
        "System.Linq",
        "System.Text",
        "System.Text.RegularExpressions",
        "System.Threading.Tasks",
        "System.Collections.Concurrent",
        "System.Collections.Specialized",
    };
}
