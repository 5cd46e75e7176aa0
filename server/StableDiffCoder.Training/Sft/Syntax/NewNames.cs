using Microsoft.CodeAnalysis.CSharp;

namespace StableDiffCoder.Training.Sft.Syntax;

/// <summary>New names for locals and parameters, as people choose them.</summary>
internal static class NewNames
{
    private static readonly Dictionary<string, string[]> Better = new(StringComparer.Ordinal)
    {
        ["i"] = ["index", "position", "row"],
        ["j"] = ["column", "inner", "other"],
        ["k"] = ["key", "offset"],
        ["n"] = ["count", "number", "total"],
        ["s"] = ["text", "value", "source"],
        ["str"] = ["text", "value"],
        ["sb"] = ["builder", "text", "output"],
        ["e"] = ["error", "exception", "args"],
        ["ex"] = ["error", "exception"],
        ["exc"] = ["error", "exception"],
        ["o"] = ["other", "value", "item"],
        ["obj"] = ["value", "instance", "item"],
        ["x"] = ["left", "first", "value"],
        ["y"] = ["right", "second", "other"],
        ["a"] = ["first", "left"],
        ["b"] = ["second", "right"],
        ["c"] = ["character", "symbol", "current"],
        ["ch"] = ["character", "symbol"],
        ["t"] = ["type", "task", "item"],
        ["p"] = ["parameter", "pointer", "point"],
        ["m"] = ["method", "match", "member"],
        ["len"] = ["length", "size", "count"],
        ["idx"] = ["index", "position"],
        ["pos"] = ["position", "offset"],
        ["ret"] = ["result", "answer"],
        ["res"] = ["result", "response"],
        ["rv"] = ["result", "answer"],
        ["result"] = ["answer", "output", "outcome"],
        ["value"] = ["newValue", "content", "input"],
        ["name"] = ["key", "label", "title"],
        ["list"] = ["items", "entries", "results"],
        ["array"] = ["items", "values"],
        ["arr"] = ["items", "values"],
        ["count"] = ["total", "size", "number"],
        ["index"] = ["position", "offset", "i"],
        ["length"] = ["size", "count"],
        ["offset"] = ["start", "position"],
        ["buffer"] = ["data", "bytes", "content"],
        ["buf"] = ["buffer", "data"],
        ["tmp"] = ["temporary", "swapped"],
        ["temp"] = ["temporary", "intermediate"],
        ["type"] = ["targetType", "kind"],
        ["node"] = ["current", "element"],
        ["item"] = ["entry", "element"],
        ["key"] = ["name", "identifier"],
        ["path"] = ["location", "fileName"],
        ["stream"] = ["source", "input"],
        ["reader"] = ["source", "input"],
        ["writer"] = ["output", "target"],
        ["source"] = ["input", "origin"],
        ["args"] = ["arguments", "parameters"],
        ["info"] = ["details", "description"],
        ["other"] = ["right", "candidate"],
    };

    private static readonly string[] Prefixes = ["current", "new", "target", "my", "the", "local", "given"];

    private static readonly string[] Suffixes = ["Value", "ToUse", "Item", "2", "Copy"];

    /// <summary>Candidates, the likeliest first; none is a keyword.</summary>
    /// <param name="old">The present name.</param>
    public static IReadOnlyList<string> For(string old)
    {
        IEnumerable<string> made =
            old.Length < 2
                ? []
                : Prefixes
                    .Select(prefix => prefix + char.ToUpperInvariant(old[0]) + old[1..])
                    .Concat(Suffixes.Select(suffix => old + suffix));
        return
        [
            .. Better
                .GetValueOrDefault(old, [])
                .Concat(made)
                .Where(name =>
                    SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None && SyntaxFacts.GetContextualKeywordKind(name) == SyntaxKind.None
                ),
        ];
    }
}
