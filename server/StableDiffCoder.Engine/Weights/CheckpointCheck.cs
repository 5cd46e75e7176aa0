namespace StableDiffCoder.Engine.Weights;

/// <summary>Compares what a checkpoint must hold with what its files hold; all differences go into one exception.</summary>
internal static class CheckpointCheck
{
    // A config that claims billions of layers must not fill the memory with names of missing tensors.
    private const int MostProblems = 1000;
    private const int MostNamesInMessage = 8;

    /// <exception cref="ModelLoadException">A tensor is missing, left over, of another shape, or not of a float type.</exception>
    public static void Run(
        string path,
        IEnumerable<ExpectedTensor> expected,
        IReadOnlyDictionary<string, SafetensorsEntry> entries,
        bool tied
    )
    {
        var missing = new List<string>();
        var wrong = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        if (tied && entries.ContainsKey(CheckpointLayout.Embedding))
        {
            // A stored copy of a tied head is compared with the embedding when the weights are read.
            known.Add(CheckpointLayout.Head);
        }
        foreach ((string name, long[] shape, string? stored) in expected)
        {
            known.Add(name);
            if (!entries.TryGetValue(name, out SafetensorsEntry? entry))
            {
                missing.Add(name);
            }
            else if (!entry.Shape.SequenceEqual(shape))
            {
                wrong.Add($"'{name}' has shape [{string.Join(", ", entry.Shape)}] where [{string.Join(", ", shape)}] is asked for");
            }
            else if (stored is not null && entry.ElementType.Name != stored)
            {
                wrong.Add($"'{name}' is stored as {entry.ElementType.Name} where {stored} is asked for");
            }
            else if (stored is null && entry.ElementType.ScalarType is null)
            {
                wrong.Add($"'{name}' is stored as {entry.ElementType.Name}; weights are read from F32, F16 and BF16");
            }
            if (missing.Count + wrong.Count >= MostProblems)
            {
                break;
            }
        }
        bool complete = missing.Count + wrong.Count < MostProblems;
        List<string> unexpected = complete ? [.. entries.Keys.Where(name => !known.Contains(name)).Order(StringComparer.Ordinal)] : [];
        if (missing.Count + wrong.Count + unexpected.Count > 0)
        {
            throw new ModelLoadException(path, Message(path, missing, wrong, unexpected))
            {
                MissingNames = missing,
                UnexpectedNames = unexpected,
            };
        }
    }

    private static string Message(string path, List<string> missing, List<string> wrong, List<string> unexpected)
    {
        var faults = new List<string>();
        if (missing.Count > 0)
        {
            faults.Add($"lacks {List(missing.Select(SafetensorsHeader.Quote))}");
        }
        if (unexpected.Count > 0)
        {
            faults.Add($"has {List(unexpected.Select(SafetensorsHeader.Quote))}, for which config.json has no place");
        }
        if (wrong.Count > 0)
        {
            faults.Add($"does not fit config.json: {List(wrong)}");
        }
        return $"{path} {string.Join("; it ", faults)}. Download the folder again or check --model.";
    }

    private static string List(IEnumerable<string> items)
    {
        string[] all = [.. items];
        string shown = string.Join(", ", all.Take(MostNamesInMessage));
        return all.Length <= MostNamesInMessage ? shown : $"{shown} and {all.Length - MostNamesInMessage} more";
    }
}
