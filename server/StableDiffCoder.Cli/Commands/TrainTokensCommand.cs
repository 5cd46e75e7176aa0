using System.CommandLine;
using System.Globalization;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Training.Corpus;
using StableDiffCoder.Training.Tokens;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>train tokens --corpus DIR --tokenizer FILE --out DIR</c>.</summary>
internal static class TrainTokensCommand
{
    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var corpus = new Option<string>("--corpus")
        {
            Description = "Folder that 'train corpus' wrote",
            HelpName = "DIR",
            Required = true,
        };
        var tokenizer = new Option<string>("--tokenizer")
        {
            Description = "The tokenizer.json",
            HelpName = "FILE",
            Required = true,
        };
        var output = new Option<string>("--out")
        {
            Description = "Folder for the token shards and tokens.json",
            HelpName = "DIR",
            Required = true,
        };
        var seed = new Option<int>("--seed") { Description = "Seed of the order of the files. Default: 0", HelpName = "N" };
        var command = new DocumentedCommand("tokens", "Encode a corpus, write token shards");
        command.AddOptions(corpus, tokenizer, output, seed);
        command.SetAction(
            options,
            console,
            (parsed, cancellationToken) =>
            {
                var shards = new TokenShardOptions
                {
                    CorpusDirectory = parsed.GetRequiredValue(corpus),
                    OutputDirectory = parsed.GetRequiredValue(output),
                    Seed = parsed.GetValue(seed),
                };
                TrainingInput.Read(shards.CorpusDirectory, CorpusManifest.Load);
                var encoder = HuggingFaceTokenizer.Load(parsed.GetRequiredValue(tokenizer));
                TokenManifest manifest;
                using (var progress = new ProgressLine<CorpusProgress>(console, p => $"{p.Stage}: {p.Done} of {p.Total} files"))
                {
                    manifest = TokenShardBuilder.Build(
                        shards,
                        encoder.VocabularySize,
                        text => encoder.Encode(text, AddedTokenParsing.None),
                        progress,
                        cancellationToken
                    );
                }
                Print(manifest, console);
                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }

    private static void Print(TokenManifest manifest, CommandConsole console)
    {
        foreach ((string split, TokenSplit figures) in manifest.Splits)
        {
            console.Output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{split, -12}{figures.Documents, 8} files {figures.Tokens, 12} tokens {(double)figures.TextBytes / figures.Tokens, 6:0.00} bytes a token {figures.Files.Count, 3} shards"
                )
            );
        }
    }
}
