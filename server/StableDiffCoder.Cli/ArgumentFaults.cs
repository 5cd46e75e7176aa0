using System.CommandLine;
using System.Text.RegularExpressions;

namespace StableDiffCoder.Cli;

/// <summary>What is wrong with a command line, in words for its user: the parser's own speak of .NET types.</summary>
internal static partial class ArgumentFaults
{
    private const string NoCommand = "Required command was not provided.";

    /// <summary>The faults, each one line; what only follows from another one is left out.</summary>
    public static IEnumerable<string> Describe(ParseResult parsed)
    {
        string[] messages = [.. parsed.Errors.Select(error => Plain(error.Message)).Distinct()];
        return messages.Length == 1 ? messages : messages.Where(message => message != NoCommand);
    }

    /// <summary>A message of the parser in plain words.</summary>
    internal static string Plain(string message) =>
        WhiteSpace()
            .Replace(
                NotAValue().Replace(message, fault => $"{fault.Groups["option"]}: '{fault.Groups["value"]}' is not {KindOf(fault)}."),
                " "
            );

    private static string KindOf(Match fault) =>
        fault.Groups["type"].Value switch
        {
            "Int32" or "Int64" => "a whole number in range",
            "Double" or "Single" => "a number",
            "Boolean" => "true or false",
            _ => "one of its values",
        };

    [GeneratedRegex(
        @"^Cannot parse argument '(?<value>.*)' for option '(?<option>[^']+)' as expected type '(?:.*[\[.])?(?<type>\w+)\]?'\.",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex NotAValue();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
