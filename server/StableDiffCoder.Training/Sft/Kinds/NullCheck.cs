using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Sft.Syntax;

namespace StableDiffCoder.Training.Sft.Kinds;

/// <summary>How a null check is written.</summary>
public enum NullCheckStyle
{
    /// <summary><c>ArgumentNullException.ThrowIfNull(x);</c></summary>
    ThrowIfNull,

    /// <summary><c>if (x == null) { throw new ArgumentNullException(nameof(x)); }</c></summary>
    IfThrow,
}

/// <summary>Checks a parameter for null, behind the checks that a method already starts with.</summary>
public sealed class NullCheck(NullCheckStyle style) : IEditKind
{
    /// <inheritdoc/>
    public string Name => style == NullCheckStyle.ThrowIfNull ? "null-check" : "null-check-if";

    /// <inheritdoc/>
    public IReadOnlyList<string> Phrasings { get; } =
        style == NullCheckStyle.ThrowIfNull
            ?
            [
                "add a null check for {name} with ThrowIfNull",
                "Check {name} with ArgumentNullException.ThrowIfNull.",
                "throw if {name} is null, use ThrowIfNull",
                "add ArgumentNullException.ThrowIfNull for {name}",
                "guard {name} against null with ThrowIfNull",
            ]
            :
            [
                "add an if that throws ArgumentNullException when {name} is null",
                "add a null check for {name} with if and throw",
                "if {name} is null, throw an ArgumentNullException",
                "Check {name} for null with an if and throw new ArgumentNullException.",
                "guard {name} against null with an if statement",
            ];

    /// <inheritdoc/>
    public IReadOnlyList<string> HeldOutPhrasings { get; } =
        style == NullCheckStyle.ThrowIfNull
            ? ["{name} must not be null: use ArgumentNullException.ThrowIfNull", "Validate `{name}` using ThrowIfNull"]
            : ["{name} must not be null: test it with an if and throw", "Validate `{name}` with `if (… == null) throw`"];

    /// <inheritdoc/>
    public IEnumerable<EditSite> Find(EditSource source)
    {
        foreach (BaseMethodDeclarationSyntax method in source.Root.DescendantNodes().OfType<BaseMethodDeclarationSyntax>())
        {
            if (
                method.Body is not { } body
                || source.Region(method) is null
                || !source.IsLastOnLine(body.OpenBraceToken)
                || body.Statements.Count == 0
            )
            {
                continue;
            }
            foreach (ParameterSyntax parameter in method.ParameterList.Parameters)
            {
                if (IsCheckable(parameter) && !IsChecked(body, parameter.Identifier.ValueText) && IsReference(source, parameter))
                {
                    yield return Check(source, method, body, parameter.Identifier.Text);
                }
            }
        }
    }

    private EditSite Check(EditSource source, BaseMethodDeclarationSyntax method, BlockSyntax body, string name)
    {
        StatementSyntax? last = body.Statements.TakeWhile(IsCheck).LastOrDefault();
        int position = last?.Span.End ?? body.OpenBraceToken.Span.End;
        // Behind what else is on that line, such as a comment.
        position = source.Lines.GetLineFromPosition(position).End;
        string indentation = source.Indentation(body.Statements[0]);
        string check = string.Concat(Lines(source, name).Select(line => $"{source.LineEnd}{indentation}{line}"));
        return Sites.Of(source.Regions(method, method), new TextChange(new TextSpan(position, 0), check)).With("name", name);
    }

    private string[] Lines(EditSource source, string name)
    {
        string thrown = $"{source.IndentUnit}throw new ArgumentNullException(nameof({name}));";
        return style == NullCheckStyle.ThrowIfNull ? [$"ArgumentNullException.ThrowIfNull({name});"]
            : source.BracesOnOwnLines ? [$"if ({name} == null)", "{", thrown, "}"]
            : [$"if ({name} == null) {{", thrown, "}"];
    }

    private static bool IsCheckable(ParameterSyntax parameter) =>
        parameter is { Modifiers.Count: 0, Default: null, Type: not (null or NullableTypeSyntax) } && parameter.Identifier.Text.Length > 0;

    private static bool IsReference(EditSource source, ParameterSyntax parameter) =>
        source.Model.GetTypeInfo(parameter.Type!).Type is { IsReferenceType: true, TypeKind: not TypeKind.Error };

    // Whatever compares it with null or treats it as possibly null.
    private static bool IsChecked(BlockSyntax body, string name) =>
        body.DescendantNodes()
            .Any(node =>
                node switch
                {
                    BinaryExpressionSyntax { RawKind: var kind } comparison => IsComparison(kind)
                        && (Sites.LastName(comparison.Left) == name || Sites.LastName(comparison.Right) == name),
                    IsPatternExpressionSyntax pattern => Sites.LastName(pattern.Expression) == name,
                    ConditionalAccessExpressionSyntax access => Sites.LastName(access.Expression) == name,
                    InvocationExpressionSyntax call => Sites.LastName(call.Expression)
                        is "ThrowIfNull"
                            or "ThrowIfNullOrEmpty"
                            or "IsNullOrEmpty"
                            or "IsNullOrWhiteSpace"
                            or "ReferenceEquals"
                        && call.ArgumentList.Arguments.Any(argument => Sites.LastName(argument.Expression) == name),
                    AssignmentExpressionSyntax assignment => Sites.LastName(assignment.Left) == name,
                    _ => false,
                }
            );

    private static bool IsComparison(int kind) =>
        (SyntaxKind)kind is SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression or SyntaxKind.CoalesceExpression;

    private static bool IsCheck(StatementSyntax statement) =>
        statement switch
        {
            ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call } => Sites
                .LastName(call.Expression)
                ?.StartsWith("ThrowIf", StringComparison.Ordinal) == true,
            IfStatementSyntax { Else: null, Statement: ThrowStatementSyntax } => true,
            IfStatementSyntax { Else: null, Statement: BlockSyntax { Statements: [ThrowStatementSyntax] } } => true,
            _ => false,
        };
}
