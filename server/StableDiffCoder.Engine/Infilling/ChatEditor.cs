using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>Edits with a checkpoint that follows instructions: a chat prompt, answered by block diffusion. Runs on the engine's thread.</summary>
internal sealed class ChatEditor
{
    private readonly LoadedModel model;
    private readonly bool isInPlace;
    private readonly EditPromptBuilder? prompts;
    private readonly string fault = "";

    /// <summary>Looks for the checkpoint's chat template; one that lacks it, or has one that cannot be used, can still infill.</summary>
    public ChatEditor(LoadedModel model)
    {
        this.model = model;
        isInPlace = model.Config.InfillOrder == InfillOrder.InPlace;
        try
        {
            ChatTemplate? template = ChatTemplate.Load(model.Directory.Path, model.Tokenizer);
            prompts = template is null
                ? null
                : new EditPromptBuilder(
                    model.Tokenizer,
                    template,
                    model.Config.MaxPositionEmbeddings,
                    isInPlace ? 1 : model.Config.BlockLength
                );
            fault =
                $"{model.Directory.Path} has no chat template ({ChatTemplate.FileName}, or chat_template in {ChatTemplate.ConfigFileName}), so it was not "
                + "trained to follow instructions; use an instruct checkpoint.";
        }
        catch (ModelLoadException error)
        {
            fault = error.Message;
        }
    }

    /// <summary>Whether there is a template that can be used.</summary>
    public bool CanEdit => prompts is not null;

    /// <summary>Answers a valid request.</summary>
    /// <exception cref="NotSupportedException">The checkpoint cannot edit.</exception>
    /// <exception cref="ArgumentException">The request does not fit the model.</exception>
    public EditResult Edit(EditRequest request, IProgress<InfillCanvas>? progress, CancellationToken cancellationToken)
    {
        TextSpan span = SpanBoundaries.Settle(request.Text, [request.Span])[0];
        EditPrompt prompt = Prompt(request, span);
        var canvas = progress is null ? null : new CanvasProgress(progress, model, 1, prompt.AnswerTokens);
        bool isComplete = false;
        Generation generation = isInPlace
            ? InPlace(prompt, request.Options, canvas, cancellationToken)
            : BlockByBlock(prompt, request.Options, canvas, ids => isComplete = IsComplete(ids, prompt), cancellationToken);
        var budget = new InfillOptions { MaxNewTokens = prompt.AnswerTokens };
        NewText answer = NewText.From(model, generation.NewIds, generation.Confidences, budget);
        return new EditResult
        {
            Span = span,
            NewText = prompt.NewText(answer.Text),
            Tokens = answer.Tokens,
            Forwards = generation.Forwards,
            Stop = isComplete ? InfillStop.Eos : answer.Stop,
            Confidences = answer.Confidences,
            Model = model.Directory.Name,
            Milliseconds = 0,
        };
    }

    private EditPrompt Prompt(EditRequest request, TextSpan span)
    {
        if (prompts is null)
        {
            throw new NotSupportedException(fault);
        }
        try
        {
            return prompts.Build(request.Text, span, request.Instruction, request.Options.MaxNewTokens, request.Options.ContextTokens);
        }
        catch (ModelLoadException error)
        {
            // Templates can refuse messages when they see them.
            throw new NotSupportedException(error.Message, error);
        }
    }

    private Generation BlockByBlock(
        EditPrompt prompt,
        EditOptions options,
        CanvasProgress? canvas,
        Func<IReadOnlyList<int>, bool> isComplete,
        CancellationToken cancellationToken
    )
    {
        var sampling = new SamplerOptions
        {
            GenLength = prompt.AnswerTokens,
            BlockLength = model.Config.BlockLength,
            Remasking = model.Config.Remasking,
            Threshold = options.Threshold,
            Temperature = options.Temperature,
            Seed = options.Seed,
        };
        var hooks = new GenerationHooks
        {
            OnStep = canvas is null ? null : step => Show(canvas, step.NewIds, step.Confidences, prompt, step.Forwards),
            ShouldStop = isComplete,
            Prior = Prior(prompt, options),
        };
        return new FusedCommitSampler(model.Transformer, model.SpecialIds).Generate(prompt.Ids, sampling, hooks, cancellationToken);
    }

    // Most of an answer repeats the code: where the model is at a loss, it goes on as the answer that changes nothing would.
    private DocumentPrior? Prior(EditPrompt prompt, EditOptions options)
    {
        double weight = options.CodePrior ?? model.Config.DocumentPrior * EditOptions.ShareOfDocumentPrior;
        // The same lead before both makes the start of the one like that of the other.
        const string Lead = "answer:\n";
        return weight > 0 ? new DocumentPrior(model, Lead, "", [$"{Lead}{EditMessage.Answer(prompt.Code.Text)}\n"], [], weight) : null;
    }

    // Bidirectional checkpoints denoise the whole answer at once; eos fills what it leaves.
    private Generation InPlace(EditPrompt prompt, EditOptions options, CanvasProgress? canvas, CancellationToken cancellationToken)
    {
        var hole = new CanvasHole(prompt.Ids.Length, prompt.AnswerTokens);
        var sampling = new CanvasSamplerOptions
        {
            Remasking = model.Config.Remasking,
            Threshold = options.Threshold,
            Temperature = options.Temperature,
            Seed = options.Seed,
        };
        int[] ids = [.. prompt.Ids, .. Enumerable.Repeat(model.SpecialIds.Mask, prompt.AnswerTokens)];
        Action<CanvasStep>? onStep = canvas is null
            ? null
            : step => Show(canvas, step.Canvas.Skip(hole.Start).ToList(), step.Confidences[0], prompt, step.Forwards);
        return new CanvasSampler(model.Transformer, model.SpecialIds).Denoise(ids, [hole], sampling, onStep, cancellationToken)[0];
    }

    private bool IsComplete(IReadOnlyList<int> ids, EditPrompt prompt) =>
        EditMessage.IsComplete(model.Tokenizer.Decode(ids, skipSpecial: true), prompt.Code.Text);

    private static void Show(
        CanvasProgress canvas,
        IReadOnlyList<int> ids,
        IReadOnlyList<double> confidences,
        EditPrompt prompt,
        int forwards
    )
    {
        canvas.Update(0, ids, confidences, prompt.AnswerTokens);
        canvas.Report(forwards);
    }
}
