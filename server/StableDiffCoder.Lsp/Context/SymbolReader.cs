using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace StableDiffCoder.Lsp.Context;

/// <summary>Reads the declarations of a C# file from its syntax alone; a file with errors gives what can be made out.</summary>
internal static class SymbolReader
{
    private const int LongestSignature = 240;
    private const int MostMembers = 256;

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview, DocumentationMode.None);

    /// <summary>Reads a file.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while parsing.</exception>
    public static FileSymbols Read(string text, CancellationToken cancellationToken)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(text, Options, cancellationToken: cancellationToken).GetRoot(cancellationToken);
        TypeSymbol[] types =
        [
            .. root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
                .Select(node => Read(node))
                .OfType<TypeSymbol>(),
        ];
        return types.Length == 0 ? FileSymbols.None : new FileSymbols(types);
    }

    private static TypeSymbol? Read(SyntaxNode node) =>
        node switch
        {
            DelegateDeclarationSyntax type => Create(
                type.Identifier,
                OneLine(
                    type.Modifiers,
                    "delegate",
                    type.ReturnType,
                    type.Identifier.Text + Code(type.TypeParameterList) + Code(type.ParameterList)
                ),
                null,
                []
            ),
            EnumDeclarationSyntax type => Create(
                type.Identifier,
                OneLine(type.Modifiers, "enum", type.Identifier.Text),
                null,
                type.Members.Select(member => new MemberSymbol(
                    member.Identifier.Text,
                    $"{OneLine(member.Identifier.Text, member.EqualsValue)},"
                ))
            ),
            TypeDeclarationSyntax type => Create(
                type.Identifier,
                OneLine(
                    type.Modifiers,
                    type.Keyword.Text,
                    (type as RecordDeclarationSyntax)?.ClassOrStructKeyword.Text,
                    type.Identifier.Text + Code(type.TypeParameterList) + Code(type.ParameterList),
                    type.BaseList
                ),
                type.BaseList,
                type.Members.Where(member => IsSeen(member, type)).SelectMany(Members)
            ),
            _ => null,
        };

    private static TypeSymbol? Create(SyntaxToken name, string header, BaseListSyntax? bases, IEnumerable<MemberSymbol> members) =>
        name.Text.Length == 0 || header.Length > LongestSignature
            ? null
            : new TypeSymbol(
                name.Text,
                header,
                [.. bases?.Types.Select(type => NameOf(type.Type)) ?? []],
                [.. members.Where(member => member.Name.Length > 0 && member.Signature.Length <= LongestSignature).Take(MostMembers)]
            );

    private static bool IsSeen(MemberDeclarationSyntax member, TypeDeclarationSyntax type) =>
        type is InterfaceDeclarationSyntax
        || member.Modifiers.Any(modifier =>
            modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword
        );

    private static IEnumerable<MemberSymbol> Members(MemberDeclarationSyntax member) =>
        member switch
        {
            MethodDeclarationSyntax method => One(
                method.Identifier,
                OneLine(
                    WithoutAsync(method.Modifiers),
                    method.ReturnType,
                    method.Identifier.Text + Code(method.TypeParameterList) + Code(method.ParameterList)
                ) + ";"
            ),
            ConstructorDeclarationSyntax method => One(
                method.Identifier,
                OneLine(method.Modifiers, method.Identifier.Text + Code(method.ParameterList)) + ";"
            ),
            PropertyDeclarationSyntax property => One(
                property.Identifier,
                OneLine(property.Modifiers, property.Type, property.Identifier.Text, Accessors(property.AccessorList))
            ),
            IndexerDeclarationSyntax property => One(
                property.ThisKeyword,
                OneLine(property.Modifiers, property.Type, "this" + Code(property.ParameterList), Accessors(property.AccessorList))
            ),
            EventDeclarationSyntax property => One(
                property.Identifier,
                OneLine(property.Modifiers, "event", property.Type, property.Identifier.Text) + ";"
            ),
            BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => new MemberSymbol(
                variable.Identifier.Text,
                OneLine(
                    field.Modifiers,
                    field is EventFieldDeclarationSyntax ? "event" : null,
                    field.Declaration.Type,
                    variable.Identifier.Text,
                    field.Modifiers.Any(SyntaxKind.ConstKeyword) ? variable.Initializer : null
                ) + ";"
            )),
            _ => [],
        };

    private static MemberSymbol[] One(SyntaxToken name, string signature) => [new MemberSymbol(name.Text, signature)];

    private static string Accessors(AccessorListSyntax? accessors) =>
        accessors is null
            ? "{ get; }"
            : $"{{ {string.Concat(accessors.Accessors.Select(accessor => $"{OneLine(accessor.Modifiers, accessor.Keyword.Text)}; "))}}}";

    private static string WithoutAsync(SyntaxTokenList modifiers) =>
        string.Join(' ', modifiers.Where(modifier => !modifier.IsKind(SyntaxKind.AsyncKeyword)).Select(modifier => modifier.Text));

    /// <summary>The last name of a type: "List" of "System.Collections.Generic.List&lt;int&gt;".</summary>
    private static string NameOf(TypeSyntax type) =>
        type switch
        {
            QualifiedNameSyntax qualified => NameOf(qualified.Right),
            AliasQualifiedNameSyntax alias => NameOf(alias.Name),
            SimpleNameSyntax simple => simple.Identifier.Text,
            _ => "",
        };

    // Comments between the parts of a declaration are no part of it.
    private static string OneLine(params ReadOnlySpan<object?> parts)
    {
        var words = new List<string>();
        foreach (object? part in parts)
        {
            string text = part switch
            {
                SyntaxNode node => Code(node),
                SyntaxTokenList tokens => string.Join(' ', tokens.Select(token => token.Text)),
                _ => part?.ToString() ?? "",
            };
            words.AddRange(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
        return string.Join(' ', words);
    }

    private static string Code(SyntaxNode? node)
    {
        if (node is null)
        {
            return "";
        }
        SyntaxTrivia[] others = [.. node.DescendantTrivia().Where(trivia => !trivia.IsKind(SyntaxKind.WhitespaceTrivia))];
        return (others.Length == 0 ? node : node.ReplaceTrivia(others, (_, _) => SyntaxFactory.Space)).ToString();
    }
}
