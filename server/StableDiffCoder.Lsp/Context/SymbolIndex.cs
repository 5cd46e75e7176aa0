namespace StableDiffCoder.Lsp.Context;

/// <summary>A type and the file that declares it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Type">The type.</param>
internal sealed record DeclaredType(string Path, TypeSymbol Type);

/// <summary>
/// What the C# files of the workspace declare, by name. Within a budget of memory: a file that does not fit any more is left out, and fits again
/// once others are gone. Any thread may read and write.
/// </summary>
/// <param name="budgetBytes">Most bytes of all symbols, as <see cref="FileSymbols.Bytes"/> counts them.</param>
internal sealed class SymbolIndex(long budgetBytes = SymbolIndex.DefaultBudgetBytes)
{
    /// <summary>48 MiB: signatures of about a million lines of C#.</summary>
    public const long DefaultBudgetBytes = 48L << 20;

    /// <summary>A member of more types says nothing of which one is meant.</summary>
    public const int MostOwners = 32;

    private readonly Lock gate = new();
    private readonly Dictionary<string, (FileSymbols Symbols, DeclaredType[] Types)> files = new(DocumentPath.Comparer);
    private readonly Dictionary<string, HashSet<DeclaredType>> types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<DeclaredType>> members = new(StringComparer.Ordinal);
    private long bytes;

    /// <value>Number of files.</value>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return files.Count;
            }
        }
    }

    /// <value>Bytes of all symbols.</value>
    public long Bytes
    {
        get
        {
            lock (gate)
            {
                return bytes;
            }
        }
    }

    /// <value>The files, in no order.</value>
    public IReadOnlyList<string> Paths
    {
        get
        {
            lock (gate)
            {
                return [.. files.Keys];
            }
        }
    }

    /// <summary>Sets what a file declares, in place of what it declared before.</summary>
    /// <returns>False when it does not fit; then it is not in the index.</returns>
    public bool Set(string path, FileSymbols symbols)
    {
        lock (gate)
        {
            Take(path);
            if (bytes + symbols.Bytes > budgetBytes)
            {
                return false;
            }
            DeclaredType[] declared = [.. symbols.Types.Select(type => new DeclaredType(path, type))];
            files.Add(path, (symbols, declared));
            bytes += symbols.Bytes;
            foreach (DeclaredType type in declared)
            {
                Add(types, type.Type.Name, type);
                foreach (string name in type.Type.Members.Select(member => member.Name))
                {
                    Add(members, name, type);
                }
            }
            return true;
        }
    }

    /// <summary>Forgets a file.</summary>
    /// <returns>False when it was not known.</returns>
    public bool Remove(string path)
    {
        lock (gate)
        {
            return Take(path);
        }
    }

    /// <summary>Types of a name, in the order of their paths.</summary>
    public IReadOnlyList<DeclaredType> Types(string name) => Find(types, name);

    /// <summary>Types that declare a member of a name, in the order of their paths; none when more than <see cref="MostOwners"/> do.</summary>
    public IReadOnlyList<DeclaredType> Owners(string member) => Find(members, member, MostOwners);

    /// <summary>Whether a type or a member has a name.</summary>
    public bool Knows(string name)
    {
        lock (gate)
        {
            return types.ContainsKey(name) || members.ContainsKey(name);
        }
    }

    private DeclaredType[] Find(Dictionary<string, HashSet<DeclaredType>> names, string name, int most = int.MaxValue)
    {
        lock (gate)
        {
            return names.TryGetValue(name, out HashSet<DeclaredType>? found) && found.Count <= most
                ? [.. found.OrderBy(type => type.Path, StringComparer.Ordinal).ThenBy(type => type.Type.Header, StringComparer.Ordinal)]
                : [];
        }
    }

    private bool Take(string path)
    {
        if (!files.Remove(path, out (FileSymbols Symbols, DeclaredType[] Types) old))
        {
            return false;
        }
        bytes -= old.Symbols.Bytes;
        foreach (DeclaredType type in old.Types)
        {
            Drop(types, type.Type.Name, type);
            foreach (string name in type.Type.Members.Select(member => member.Name))
            {
                Drop(members, name, type);
            }
        }
        return true;
    }

    private static void Add(Dictionary<string, HashSet<DeclaredType>> names, string name, DeclaredType declared)
    {
        if (!names.TryGetValue(name, out HashSet<DeclaredType>? found))
        {
            names.Add(name, found = new HashSet<DeclaredType>(ReferenceEqualityComparer.Instance));
        }
        found.Add(declared);
    }

    private static void Drop(Dictionary<string, HashSet<DeclaredType>> names, string name, DeclaredType declared)
    {
        // A type with two members of a name is there once.
        if (names.TryGetValue(name, out HashSet<DeclaredType>? found) && found.Remove(declared) && found.Count == 0)
        {
            names.Remove(name);
        }
    }
}
