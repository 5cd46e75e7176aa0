using System.CommandLine;
using System.CommandLine.Parsing;
using StableDiffCoder.Cli.Editing;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Cli.Infilling;
using StableDiffCoder.Cli.JsonLines;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>edit FILE --span … --instruction …</c> rewrites code by instruction; <c>edit --jsonl F</c> does so for many pieces of code.</summary>
internal static class EditCommand
{
    private sealed record Arguments(
        Argument<string?> File,
        Option<SpanArgument?> Span,
        Option<string?> Instruction,
        Option<bool> Json,
        Option<bool> Write,
        Option<string> JsonLines,
        EditSamplingOptions Sampling
    );

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var arguments = new Arguments(
            new Argument<string?>("FILE") { Description = "File with the code to edit", Arity = ArgumentArity.ZeroOrOne },
            SpanOption(),
            new Option<string?>("--instruction") { Description = "What is to be done, in plain words", HelpName = "TEXT" },
            new Option<bool>("--json")
            {
                Description = "Print one JSON object instead of a diff; its range is of the file as it was, from 0",
            },
            new Option<bool>("--write") { Description = "Write the result to FILE" },
            JsonLinesCommand.Option(required: false),
            new EditSamplingOptions()
        );
        var command = new DocumentedCommand("edit", "Edit code by instruction, with a checkpoint that follows instructions")
        {
            Details =
            [
                "edit FILE --span … --instruction … rewrites the span and prints the change as a diff; FILE stays as it is unless --write is given.",
                "edit --jsonl FILE reads lines {\"code\":…,\"instruction\":…,\"prefix\":…,\"suffix\":…}",
                "and gives {\"text\":…,\"tokens\":n,\"forwards\":n,\"milliseconds\":t,\"stop\":\"eos\"|\"length\"}.",
                "A line may also have max_new_tokens, threshold, temperature and seed; what it leaves out is taken from the options.",
                "The model's folder needs a chat template: chat_template.jinja, or chat_template in tokenizer_config.json.",
            ],
            Examples =
            [
                new("Edit lines 12 to 20", "stable-diffcoder edit Stack.cs --span 12:1-21:1 --instruction \"add a null check for item\""),
                new("Many edits with one model load", "stable-diffcoder edit --jsonl edits.jsonl > answers.jsonl"),
            ],
        };
        command.Arguments.Add(arguments.File);
        foreach (Option option in (Option[])[arguments.Span, arguments.Instruction, arguments.Json, arguments.Write, arguments.JsonLines])
        {
            command.Options.Add(option);
        }
        arguments.Sampling.AddTo(command);
        command.Validators.Add(result => Check(result, arguments));
        command.SetAction(
            options,
            console,
            (parsed, cancellationToken) => RunAsync(parsed, arguments, options, console, cancellationToken)
        );
        return command;
    }

    private static Option<SpanArgument?> SpanOption() =>
        new("--span")
        {
            Description = "The code to edit: line and UTF-16 column, both from 1, the end not included; best whole lines",
            HelpName = "L:C-L:C",
            CustomParser = result =>
            {
                if (!SpanArgument.TryParse(result.Tokens[0].Value, out SpanArgument span, out string fault))
                {
                    result.AddError(fault);
                }
                return span;
            },
        };

    private static void Check(CommandResult result, Arguments arguments)
    {
        bool jsonLines = result.GetResult(arguments.JsonLines) is not null;
        bool file = result.GetResult(arguments.File) is { Tokens.Count: > 0 };
        Option[] ofFile = [arguments.Span, arguments.Instruction, arguments.Json, arguments.Write];
        if (jsonLines && (file || ofFile.Any(given => IsGiven(result, given))))
        {
            result.AddError("--jsonl reads code and instructions; it does not go with FILE, --span, --instruction, --json or --write.");
        }
        else if (!jsonLines && !file)
        {
            result.AddError("Name a FILE with --span and --instruction, or --jsonl with a file of code and instructions.");
        }
        else if (!jsonLines && !IsGiven(result, arguments.Span))
        {
            result.AddError("Say what to edit: --span LINE:COLUMN-LINE:COLUMN.");
        }
        else if (!jsonLines && !IsGiven(result, arguments.Instruction))
        {
            result.AddError("Say what is to be done: --instruction \"rename x to count\".");
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
        EditOptions sampling = arguments.Sampling.Read(parsed);
        if (parsed.GetValue(arguments.JsonLines) is string lines)
        {
            using var input = JsonLinesInput.Open(lines, console);
            InfillEngine engine = await ModelSession.LoadEditorAsync(parsed, options, progress: null, cancellationToken);
            await using var answerer = new EditLineAnswerer(engine, sampling);
            return await new JsonLinesRunner(input, console).RunAsync(answerer, cancellationToken);
        }
        var edit = new FileEdit(console)
        {
            Path = parsed.GetRequiredValue(arguments.File)!,
            Span = parsed.GetRequiredValue(arguments.Span)!.Value,
            Instruction = parsed.GetRequiredValue(arguments.Instruction)!,
            Sampling = sampling,
            Json = parsed.GetValue(arguments.Json),
            Write = parsed.GetValue(arguments.Write),
        };
        await edit.RunAsync(progress => ModelSession.LoadEditorAsync(parsed, options, progress, cancellationToken), cancellationToken);
        return ExitCodes.Done;
    }
}
