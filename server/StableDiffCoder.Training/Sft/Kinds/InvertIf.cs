using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Sft.Syntax;

namespace StableDiffCoder.Training.Sft.Kinds;

/// <summary>Negates the condition of an if-else and swaps its branches.</summary>
public sealed class InvertIf : IEditKind
{
    /// <inheritdoc/>
    public string Name => "invert-if";

    /// <inheritdoc/>
    public IReadOnlyList<string> Phrasings { get; } =
    [
        "invert the if",
        "Invert the if and swap its branches",
        "negate the condition and swap the branches",
        "flip the if-else",
        "invert the if statement with the condition {condition}",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> HeldOutPhrasings { get; } =
    ["reverse the if/else", "Put the else branch of `{condition}` first", "swap if and else and adjust the condition"];

    /// <inheritdoc/>
    public IEnumerable<EditSite> Find(EditSource source)
    {
        foreach (IfStatementSyntax statement in source.Root.DescendantNodes().OfType<IfStatementSyntax>())
        {
            if (statement is { Else.Statement: { } other, Parent: BlockSyntax } && CanSwap(source, statement, statement.Statement, other))
            {
                SyntaxNode member = Sites.MemberOf(statement);
                bool isOnlyOne = member.DescendantNodes().OfType<IfStatementSyntax>().Count() == 1;
                IReadOnlyList<TextSpan> regions = source.Regions(statement, isOnlyOne ? member : statement);
                if (regions.Count > 0)
                {
                    TextChange[] changes =
                    [
                        new(statement.Condition.Span, Negation.Of(statement.Condition, source.Model)),
                        new(statement.Statement.Span, other.ToString()),
                        new(other.Span, statement.Statement.ToString()),
                    ];
                    yield return Sites.Of(regions, changes).With("condition", statement.Condition.ToString());
                }
            }
        }
    }

    // Both braced, or both one plain statement that cannot catch the other's else.
    private static bool CanSwap(EditSource source, IfStatementSyntax statement, StatementSyntax first, StatementSyntax second)
    {
        bool alike = (first, second) switch
        {
            (BlockSyntax, BlockSyntax) => true,
            (
                ExpressionStatementSyntax
                    or ReturnStatementSyntax
                    or ThrowStatementSyntax,
                ExpressionStatementSyntax
                    or ReturnStatementSyntax
                    or ThrowStatementSyntax
            ) => source.IsOneLine(first.Span) && source.IsOneLine(second.Span),
            _ => false,
        };
        // A variable of the condition may be assigned on one side only.
        bool declares = statement.Condition.DescendantNodes().Any(node => node is VariableDesignationSyntax);
        return alike && !declares && source.IsOneLine(statement.Condition.Span) && first.ToString() != second.ToString();
    }
}
