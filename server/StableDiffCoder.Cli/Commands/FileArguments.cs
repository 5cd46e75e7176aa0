using System.CommandLine;
using System.CommandLine.Parsing;
using StableDiffCoder.Cli.Infilling;
using StableDiffCoder.Cli.JsonLines;

namespace StableDiffCoder.Cli.Commands;

/// <summary>The arguments of a command that changes spans of a file, or answers JSON lines: FILE, --span, --json, --write; --jsonl.</summary>
internal sealed class FileArguments
{
    private readonly List<(Option Option, string Missing)> required;
    private readonly string missingFile;
    private readonly string linesHold;

    /// <summary>Describes them.</summary>
    /// <param name="holds">What FILE holds, such as "the holes to fill".</param>
    /// <param name="span">Help of --span; says whether it may be repeated.</param>
    /// <param name="severalSpans">Whether it may.</param>
    /// <param name="missingFile">The message when there is neither FILE nor --jsonl.</param>
    /// <param name="missingSpan">The message when FILE comes without --span.</param>
    /// <param name="linesHold">What the lines of --jsonl hold.</param>
    public FileArguments(string holds, string span, bool severalSpans, string missingFile, string missingSpan, string linesHold)
    {
        this.missingFile = missingFile;
        this.linesHold = linesHold;
        File = new Argument<string?>("FILE") { Description = $"File with {holds}", Arity = ArgumentArity.ZeroOrOne };
        Spans = new Option<SpanArgument[]>("--span")
        {
            Description = span,
            HelpName = "L:C-L:C",
            AllowMultipleArgumentsPerToken = false,
            Arity = severalSpans ? ArgumentArity.OneOrMore : ArgumentArity.ExactlyOne,
            CustomParser = Parse,
        };
        required = [(Spans, missingSpan)];
    }

    /// <summary>The file; with spans.</summary>
    public Argument<string?> File { get; }

    /// <summary>In the order given.</summary>
    public Option<SpanArgument[]> Spans { get; }

    /// <summary>JSON instead of a diff.</summary>
    public Option<bool> Json { get; } =
        new("--json") { Description = "Print one JSON object instead of a diff; its ranges are of the file as it was, from 0" };

    /// <summary>Write the result.</summary>
    public Option<bool> Write { get; } = new("--write") { Description = "Write the result to FILE" };

    /// <summary>Lines instead of a file.</summary>
    public Option<string> JsonLines { get; } = JsonLinesCommand.Option(required: false);

    /// <summary>One more option that FILE needs and --jsonl forbids.</summary>
    /// <param name="option">The option.</param>
    /// <param name="missing">The message when it is not there.</param>
    public void Require(Option option, string missing) => required.Add((option, missing));

    /// <summary>Adds all of them and their checks.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(File);
        command.AddOptions([.. required.Select(one => one.Option), Json, Write, JsonLines]);
        command.Validators.Add(Check);
    }

    /// <summary>The file that the command line names.</summary>
    public FileTarget Target(ParseResult parsed, CommandConsole console) =>
        new(console, parsed.GetRequiredValue(File)!, parsed.GetValue(Json), parsed.GetValue(Write));

    private static SpanArgument[] Parse(ArgumentResult result)
    {
        var spans = new List<SpanArgument>();
        foreach (Token token in result.Tokens)
        {
            if (!SpanArgument.TryParse(token.Value, out SpanArgument span, out string fault))
            {
                result.AddError(fault);
            }
            spans.Add(span);
        }
        return [.. spans];
    }

    private void Check(CommandResult result)
    {
        bool IsGiven(Option option) => result.GetResult(option) is { Implicit: false };
        bool file = result.GetResult(File) is { Tokens.Count: > 0 };
        Option[] ofFile = [.. required.Select(one => one.Option), Json, Write];
        if (IsGiven(JsonLines))
        {
            if (file || ofFile.Any(IsGiven))
            {
                string names = string.Join(", ", ofFile.SkipLast(1).Select(option => option.Name));
                result.AddError($"--jsonl reads {linesHold}; it does not go with FILE, {names} or {Write.Name}.");
            }
        }
        else if (!file)
        {
            result.AddError(missingFile);
        }
        else if (required.FirstOrDefault(one => !IsGiven(one.Option)) is { Missing: string missing })
        {
            result.AddError(missing);
        }
    }
}
