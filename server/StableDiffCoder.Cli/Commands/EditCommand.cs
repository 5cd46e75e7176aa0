using System.CommandLine;
using StableDiffCoder.Cli.Editing;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Cli.JsonLines;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>edit FILE --span … --instruction …</c> rewrites code by instruction; <c>edit --jsonl F</c> does so for many pieces of code.</summary>
internal static class EditCommand
{
    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var arguments = new FileArguments(
            holds: "the code to edit",
            span: "The code to edit: line and UTF-16 column, both from 1, the end not included; best whole lines",
            severalSpans: false,
            missingFile: "Name a FILE with --span and --instruction, or --jsonl with a file of code and instructions.",
            missingSpan: "Say what to edit: --span LINE:COLUMN-LINE:COLUMN.",
            linesHold: "code and instructions"
        );
        var instruction = new Option<string?>("--instruction") { Description = "What is to be done, in plain words", HelpName = "TEXT" };
        arguments.Require(instruction, "Say what is to be done: --instruction \"rename x to count\".");
        var sampling = new EditSamplingOptions();
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
        arguments.AddTo(command);
        sampling.AddTo(command);
        command.SetAction(
            options,
            console,
            (parsed, cancellationToken) => RunAsync(parsed, arguments, instruction, sampling, options, console, cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        FileArguments arguments,
        Option<string?> instruction,
        EditSamplingOptions samplingOptions,
        GlobalOptions options,
        CommandConsole console,
        CancellationToken cancellationToken
    )
    {
        EditOptions sampling = samplingOptions.Read(parsed);
        if (parsed.GetValue(arguments.JsonLines) is string lines)
        {
            return await JsonLinesRunner.RunAsync(
                lines,
                console,
                async () =>
                    new EditLineAnswerer(await ModelSession.LoadEditorAsync(parsed, options, progress: null, cancellationToken), sampling),
                cancellationToken
            );
        }
        var edit = new FileEdit(console)
        {
            Target = arguments.Target(parsed, console),
            Span = parsed.GetRequiredValue(arguments.Spans)[0],
            Instruction = parsed.GetRequiredValue(instruction)!,
            Sampling = sampling,
        };
        await edit.RunAsync(progress => ModelSession.LoadEditorAsync(parsed, options, progress, cancellationToken), cancellationToken);
        return ExitCodes.Done;
    }
}
