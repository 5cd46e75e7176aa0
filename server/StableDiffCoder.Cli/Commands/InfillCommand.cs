using System.CommandLine;
using System.CommandLine.Parsing;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Cli.Infilling;
using StableDiffCoder.Cli.JsonLines;
using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>infill FILE --span …</c> fills spans of a file; <c>infill --jsonl F</c> fills between prefixes and suffixes.</summary>
internal static class InfillCommand
{
    private static readonly InfillOptions Defaults = new();

    private sealed record Arguments(
        Argument<string?> File,
        Option<SpanArgument[]> Spans,
        Option<bool> Json,
        Option<bool> Write,
        Option<string> JsonLines,
        SamplingOptions Sampling
    );

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var arguments = new Arguments(
            new Argument<string?>("FILE") { Description = "File with the holes to fill", Arity = ArgumentArity.ZeroOrOne },
            SpanOption(),
            new Option<bool>("--json")
            {
                Description = "Print one JSON object instead of a diff; its ranges are of the file as it was, from 0",
            },
            new Option<bool>("--write") { Description = "Write the result to FILE" },
            JsonLinesCommand.Option(required: false),
            new SamplingOptions()
        );
        var command = new DocumentedCommand("infill", "Fill holes in a file, or between prefixes and suffixes")
        {
            Details =
            [
                "infill FILE --span … replaces the spans and prints the change as a diff; FILE stays as it is unless --write is given.",
                "infill --jsonl FILE reads lines {\"prefix\":…,\"suffix\":…,\"max_new_tokens\":64}",
                "and gives {\"text\":…,\"tokens\":n,\"forwards\":n,\"milliseconds\":t,\"stop\":\"eos\"|\"length\"|\"stop_string\"",
                "|\"suffix\"|\"deadline\"}. A line may also have sampler, threshold, entropy_bound, temperature, seed, stop and deadline_ms;",
                "what it leaves out is taken from the options.",
                "Samplers:",
                .. Samplers.All.Select(sampler => $"  {sampler.Name}: {sampler.Summary}"),
            ],
            Examples =
            [
                new("Fill line 12 from column 9 up to, not including, column 40", "stable-diffcoder infill Stack.cs --span 12:9-12:40"),
                new(
                    "Write at a cursor, and replace lines 20 and 21",
                    "stable-diffcoder infill Stack.cs --span 12:9 --span 20:1-22:1 --write"
                ),
                new("Many holes with one model load", "stable-diffcoder infill --jsonl holes.jsonl > fills.jsonl"),
            ],
        };
        command.Arguments.Add(arguments.File);
        command.Options.Add(arguments.Spans);
        command.Options.Add(arguments.Json);
        command.Options.Add(arguments.Write);
        command.Options.Add(arguments.JsonLines);
        arguments.Sampling.AddTo(command);
        command.Validators.Add(result => Check(result, arguments));
        command.SetAction(
            options,
            console,
            (parsed, cancellationToken) => RunAsync(parsed, arguments, options, console, cancellationToken)
        );
        return command;
    }

    private static Option<SpanArgument[]> SpanOption() =>
        new("--span")
        {
            Description =
                "What to replace: line and UTF-16 column, both from 1, the end not included; L:C alone is a cursor. Repeat for more spans",
            HelpName = "L:C-L:C",
            AllowMultipleArgumentsPerToken = false,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result =>
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
            },
        };

    private static void Check(CommandResult result, Arguments arguments)
    {
        bool jsonLines = result.GetResult(arguments.JsonLines) is not null;
        bool file = result.GetResult(arguments.File) is { Tokens.Count: > 0 };
        if (jsonLines && (file || new Option[] { arguments.Spans, arguments.Json, arguments.Write }.Any(given => IsGiven(result, given))))
        {
            result.AddError("--jsonl reads prefixes and suffixes; it does not go with FILE, --span, --json or --write.");
        }
        else if (!jsonLines && !file)
        {
            result.AddError("Name a FILE and at least one --span, or --jsonl with a file of prefixes and suffixes.");
        }
        else if (!jsonLines && !IsGiven(result, arguments.Spans))
        {
            result.AddError("Say what to fill: --span LINE:COLUMN-LINE:COLUMN, or --span LINE:COLUMN for a cursor.");
        }
    }

    private static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    private static async Task<int> RunAsync(
        ParseResult parsed,
        Arguments arguments,
        GlobalOptions options,
        CommandConsole console,
        CancellationToken cancellationToken
    )
    {
        InfillOptions sampling = arguments.Sampling.Read(parsed, Defaults);
        sampling.Validate();
        if (parsed.GetValue(arguments.JsonLines) is string lines)
        {
            using var input = JsonLinesInput.Open(lines, console);
            IInfillEngine engine = await ModelSession.LoadEngineAsync(parsed, options, progress: null, cancellationToken);
            await using var answerer = new InfillLineAnswerer(engine, sampling);
            return await new JsonLinesRunner(input, console).RunAsync(answerer, cancellationToken);
        }
        var fileInfill = new FileInfill(console)
        {
            Path = parsed.GetRequiredValue(arguments.File)!,
            Spans = parsed.GetRequiredValue(arguments.Spans),
            Sampling = sampling,
            Json = parsed.GetValue(arguments.Json),
            Write = parsed.GetValue(arguments.Write),
        };
        await fileInfill.RunAsync(
            progress => ModelSession.LoadEngineAsync(parsed, options, progress, cancellationToken),
            cancellationToken
        );
        return ExitCodes.Done;
    }
}
