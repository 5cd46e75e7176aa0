using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace StableDiffCoder.Training.Corpus.Style;

/// <summary>
/// Rewrites C# of the years before 2015 to the style that is written today: file-scoped namespaces, <c>is null</c>, target-typed
/// <c>new</c>, expression bodies, braces on their own lines, four spaces. Works on syntax alone, so the result means the same to a reader
/// but is not proved to compile (an overloaded <c>==</c> is one exception).
/// </summary>
public static class ModernCSharp
{
    /// <summary>Chance that a file gets any one rule; files then mix styles as real ones do.</summary>
    private const double RuleShare = 0.8;

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Preview, DocumentationMode.None);

    private static readonly (string Name, Action<SyntaxNode, TextEdits> Collect)[] Rules =
    [
        ("null-pattern", ExpressionRules.NullPatterns),
        ("negated-pattern", ExpressionRules.NegatedPatterns),
        ("null-check", ExpressionRules.ArgumentNullChecks),
        ("nameof", ExpressionRules.NameOf),
        ("keyword-type", ExpressionRules.KeywordTypes),
        ("new", CreationRules.TargetTypedNew),
        ("expression-body", ExpressionBodyRules.Collect),
        ("braces", LayoutRules.BracesOnOwnLines),
        ("call-spacing", LayoutRules.NoSpaceBeforeLists),
    ];

    /// <summary>Rewrites a file.</summary>
    /// <param name="text">C# with LF line ends.</param>
    /// <param name="chance">A number in [0, 1) for each rule's name: decides which rules this file gets.</param>
    /// <returns>The new text; the old one when it does not parse or a rewrite would break it.</returns>
    public static string Rewrite(string text, Func<string, double> chance)
    {
        SyntaxNode root = Parse(text);
        if (root.ContainsDiagnostics)
        {
            return text;
        }
        foreach ((string name, Action<SyntaxNode, TextEdits> collect) in Rules)
        {
            if (chance(name) >= RuleShare)
            {
                continue;
            }
            var edits = new TextEdits();
            collect(root, edits);
            if (!edits.IsEmpty)
            {
                (text, root) = Accept(text, root, edits.Apply(text));
            }
        }
        if (chance("spaces") < RuleShare)
        {
            (text, root) = Accept(text, root, LayoutRules.SpacesForTabs(text, root));
        }
        return chance("namespace") < RuleShare ? Accept(text, root, NamespaceRule.FileScoped(text, root)).Text : text;
    }

    private static (string Text, SyntaxNode Root) Accept(string before, SyntaxNode root, string after)
    {
        if (ReferenceEquals(before, after))
        {
            return (before, root);
        }
        SyntaxNode rewritten = Parse(after);
        return rewritten.ContainsDiagnostics ? (before, root) : (after, rewritten);
    }

    private static SyntaxNode Parse(string text) => CSharpSyntaxTree.ParseText(text, Parsing).GetRoot();
}
