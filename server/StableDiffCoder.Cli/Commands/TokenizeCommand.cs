using System.CommandLine;
using System.Text.Json;
using StableDiffCoder.Cli.JsonLines;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>tokenize --jsonl F</c>: text to token ids.</summary>
internal static class TokenizeCommand
{
    public static Command Create(GlobalOptions options, CommandConsole console) =>
        JsonLinesCommand.Create(
            "tokenize",
            "Turn text into token ids",
            [
                "Each line {\"text\":…} gives {\"ids\":[…]}.",
                "Special tokens spelled in the text are parsed, unless the line has \"special\":false.",
            ],
            options,
            console,
            (parsed, _) => Task.FromResult<IJsonLineAnswerer>(new Answerer(ModelSession.LoadTokenizer(parsed, options)))
        );

    private sealed class Answerer(HuggingFaceTokenizer tokenizer) : IJsonLineAnswerer
    {
        public Task AnswerAsync(JsonFields request, Utf8JsonWriter answer, CancellationToken cancellationToken)
        {
            answer.WriteIds("ids", tokenizer.Encode(request.Text("text"), request.Flag("special", true)));
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
