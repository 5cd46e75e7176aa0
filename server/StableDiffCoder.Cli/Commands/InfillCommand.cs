using System.CommandLine;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Cli.Infilling;
using StableDiffCoder.Cli.JsonLines;
using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>infill FILE --span …</c> fills spans of a file; <c>infill --jsonl F</c> fills between prefixes and suffixes.</summary>
internal static class InfillCommand
{
    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var arguments = new FileArguments(
            holds: "the holes to fill",
            span: "What to replace: line and UTF-16 column, both from 1, the end not included; L:C alone is a cursor. Repeat for more spans",
            severalSpans: true,
            missingFile: "Name a FILE and at least one --span, or --jsonl with a file of prefixes and suffixes.",
            missingSpan: "Say what to fill: --span LINE:COLUMN-LINE:COLUMN, or --span LINE:COLUMN for a cursor.",
            linesHold: "prefixes and suffixes"
        );
        var sampling = new SamplingOptions();
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
        arguments.AddTo(command);
        sampling.AddTo(command);
        command.SetAction(
            options,
            console,
            (parsed, cancellationToken) => RunAsync(parsed, arguments, sampling, options, console, cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        FileArguments arguments,
        SamplingOptions samplingOptions,
        GlobalOptions options,
        CommandConsole console,
        CancellationToken cancellationToken
    )
    {
        InfillOptions sampling = samplingOptions.Read(parsed, new InfillOptions());
        sampling.Validate();
        if (parsed.GetValue(arguments.JsonLines) is string lines)
        {
            return await JsonLinesRunner.RunAsync(
                lines,
                console,
                async () =>
                    new InfillLineAnswerer(
                        await ModelSession.LoadEngineAsync(parsed, options, progress: null, cancellationToken),
                        sampling
                    ),
                cancellationToken
            );
        }
        var fileInfill = new FileInfill(console)
        {
            Target = arguments.Target(parsed, console),
            Spans = parsed.GetRequiredValue(arguments.Spans),
            Sampling = sampling,
        };
        await fileInfill.RunAsync(
            progress => ModelSession.LoadEngineAsync(parsed, options, progress, cancellationToken),
            cancellationToken
        );
        return ExitCodes.Done;
    }
}
