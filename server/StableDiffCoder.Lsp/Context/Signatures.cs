using System.Text;

namespace StableDiffCoder.Lsp.Context;

/// <summary>Signatures of the types that names near the cursor mean, and of members that only few types have.</summary>
internal static class Signatures
{
    private const int MostMembers = 16;

    /// <summary>A member of more types says nothing of which is meant.</summary>
    public const int MostOwners = 2;

    private const int MostTypes = 3; // of one name
    private const double OfMember = 0.75;

    /// <summary>Candidates, none of the document's own file.</summary>
    /// <param name="index">The workspace.</param>
    /// <param name="names">Names near the cursor.</param>
    /// <param name="path">The document's file; null when it is none.</param>
    public static IEnumerable<SnippetCandidate> Of(SymbolIndex index, IReadOnlyList<CursorName> names, string? path)
    {
        HashSet<string> pieces = [.. names.SelectMany(name => Pieces(name.Name))];
        var used = new HashSet<string>(names.Select(name => name.Name), StringComparer.Ordinal);
        foreach (CursorName name in names)
        {
            DeclaredType[] types = [.. index.Types(name.Name).Where(IsElsewhere)];
            foreach (DeclaredType declared in types.Take(MostTypes))
            {
                yield return new SnippetCandidate(
                    declared.Path,
                    Show(declared.Type, used, pieces),
                    name.Closeness / Math.Min(types.Length, MostTypes)
                );
            }
            DeclaredType[] owners = [.. index.Owners(name.Name).Where(IsElsewhere)];
            if (types.Length == 0 && owners.Length is > 0 and <= MostOwners)
            {
                foreach (DeclaredType owner in owners)
                {
                    // What a property or a call gives is what the cursor's dot stands behind.
                    MemberSymbol[] meant = [.. owner.Type.Members.Where(member => member.Name == name.Name)];
                    yield return new SnippetCandidate(owner.Path, Show(owner.Type, meant), name.Closeness * OfMember / owners.Length);
                    foreach (DeclaredType given in name.Closeness < 1 ? [] : Given(index, meant).Where(IsElsewhere).Take(MostTypes))
                    {
                        yield return new SnippetCandidate(given.Path, Show(given.Type, used, pieces), name.Closeness / owners.Length);
                    }
                }
            }
        }
        bool IsElsewhere(DeclaredType type) => path is null || !DocumentPath.Comparer.Equals(type.Path, path);
    }

    // The types that a member's signature names before the member itself.
    private static IEnumerable<DeclaredType> Given(SymbolIndex index, MemberSymbol[] members) =>
        members
            .SelectMany(member =>
            {
                string signature = member.Signature;
                int end = signature.IndexOf(member.Name, StringComparison.Ordinal);
                string before = signature[..Math.Max(0, end)];
                return Identifiers.Words(before).Select(word => before.Substring(word.Start, word.Length));
            })
            .Distinct(StringComparer.Ordinal)
            .SelectMany(index.Types);

    // Of a large type the members that share most with the names around the cursor, in the type's order.
    private static string Show(TypeSymbol type, HashSet<string> used, HashSet<string> pieces)
    {
        IReadOnlyList<MemberSymbol> members = type.Members;
        if (members.Count > MostMembers)
        {
            members =
            [
                .. members
                    .Select((member, place) => (member, place))
                    .OrderByDescending(pair => used.Contains(pair.member.Name) ? 1 : 0)
                    .ThenByDescending(pair => Pieces(pair.member.Name).Count(pieces.Contains))
                    .ThenBy(pair => pair.place)
                    .Take(MostMembers)
                    .OrderBy(pair => pair.place)
                    .Select(pair => pair.member),
            ];
        }
        return Show(type, members);
    }

    private static string Show(TypeSymbol type, IReadOnlyList<MemberSymbol> members)
    {
        if (members.Count == 0)
        {
            return $"{type.Header};";
        }
        var text = new StringBuilder(type.Header).Append("\n{\n");
        foreach (MemberSymbol member in members)
        {
            text.Append("    ").Append(member.Signature).Append('\n');
        }
        return text.Append('}').ToString();
    }

    /// <summary>The parts of a name: "read", "all", "lines" of "ReadAllLines".</summary>
    private static IEnumerable<string> Pieces(string name)
    {
        int start = 0;
        for (int at = 1; at <= name.Length; at++)
        {
            bool isEnd = at == name.Length || name[at] == '_' || (char.IsUpper(name[at]) && !char.IsUpper(name[at - 1]));
            if (isEnd)
            {
                string piece = name[start..at].Trim('_');
                if (piece.Length > 2)
                {
                    yield return piece.ToLowerInvariant();
                }
                start = at;
            }
        }
    }
}
