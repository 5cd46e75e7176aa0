namespace StableDiffCoder.Lsp.Context;

/// <summary>What one C# file declares, as far as other files may name it.</summary>
/// <param name="Types">Its types, nested ones too, in the file's order.</param>
internal sealed record FileSymbols(IReadOnlyList<TypeSymbol> Types)
{
    /// <value>A file that declares nothing.</value>
    public static FileSymbols None { get; } = new([]);

    /// <value>About how many bytes it takes in memory.</value>
    public long Bytes { get; } = 64 + Types.Sum(type => type.Bytes);
}

/// <summary>A type of a file.</summary>
/// <param name="Name">Without type parameters.</param>
/// <param name="Header">Its declaration up to the body, on one line.</param>
/// <param name="Bases">Names in its base list.</param>
/// <param name="Members">Members that are not private, in the file's order.</param>
internal sealed record TypeSymbol(string Name, string Header, IReadOnlyList<string> Bases, IReadOnlyList<MemberSymbol> Members)
{
    /// <value>About how many bytes it takes in memory.</value>
    public long Bytes { get; } =
        160
        + (2 * (Name.Length + Header.Length))
        + Bases.Sum(name => 32 + (2 * name.Length))
        + Members.Sum(member => 96 + (2 * (member.Name.Length + member.Signature.Length)));
}

/// <summary>A member of a type.</summary>
/// <param name="Name">Its name; the type's for a constructor.</param>
/// <param name="Signature">Its declaration without a body, on one line.</param>
internal sealed record MemberSymbol(string Name, string Signature);
