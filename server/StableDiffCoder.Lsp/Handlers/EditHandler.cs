using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Edits;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>stableDiffCoder/edit: rewrites a range of an open document by an instruction.</summary>
internal sealed class EditHandler(ModelWork work, Session session, ClientWindow window, LspRpc rpc)
{
    private const string Annotation = "stableDiffCoder.edit";

    /// <summary>Waits for the model if it is still loading, then edits. The document itself stays as it is.</summary>
    /// <exception cref="LspException">A wrong range or instruction (−32602), a stale version (−32801), no model or one that follows no
    /// instructions, or a document out of step or excluded (−32803).</exception>
    public async Task<WorkspaceEdit> HandleAsync(EditParams parameters, CancellationToken cancellationToken)
    {
        DocumentSnapshot snapshot = work.Snapshot(parameters.TextDocument);
        TextSpan selection = ModelWork.SpanOf(snapshot, parameters.Range, "range");
        EditCanvas? view = null;
        await using CanvasStream? canvases = CanvasStream.Open(parameters.CanvasToken, rpc, canvas => [view!.View(canvas.Spans[0])]);
        EditProposal proposal = await work.RunAsync(
            snapshot,
            (engine, token) => EditorOf(engine).ProposeAsync(snapshot, selection, parameters.Instruction, Observe, token),
            cancellationToken
        );
        if (proposal.IsCutShort)
        {
            window.Warn("The model's answer was cut short: it ran out of tokens, so the end of the code may be missing. Select less code.");
        }
        return ToEdit(snapshot, SmallestEdits.Of(snapshot.Text, proposal.Span, proposal.NewText));

        IProgress<InfillCanvas>? Observe(TextSpan span)
        {
            view = new EditCanvas(snapshot.Text, span);
            return canvases?.Restarted(span == selection ? null : snapshot.Lines.RangeOf(span));
        }
    }

    private static InstructedEditor EditorOf(IInfillEngine engine) =>
        engine is IEditEngine editor && engine.Description.CanEdit
            ? new InstructedEditor(editor)
            : throw new LspException(
                LspErrorCodes.RequestFailed,
                $"the loaded model {engine.Description.Model} follows no instructions: it has no chat template that can be used; choose an "
                    + "instruction-trained model in the setting stableDiffCoder.model.path, or start the server with --model"
            );

    private WorkspaceEdit ToEdit(DocumentSnapshot snapshot, IReadOnlyList<Replacement> replacements)
    {
        // Confirmation is asked for where the client can, and has no preview of its own.
        bool isAnnotated = replacements.Count > 0 && session.AnnotatesChanges && !session.PreviewsItself;
        TextEdit[] edits =
        [
            .. replacements.Select(replacement => new TextEdit
            {
                Range = snapshot.Lines.RangeOf(replacement.Span),
                NewText = replacement.NewText,
                AnnotationId = isAnnotated ? Annotation : null,
            }),
        ];
        var document = new VersionedTextDocumentIdentifier { Uri = snapshot.Uri, Version = snapshot.Version };
        return new WorkspaceEdit
        {
            DocumentChanges = edits.Length == 0 ? [] : [new TextDocumentEdit { TextDocument = document, Edits = edits }],
            ChangeAnnotations = isAnnotated
                ? new Dictionary<string, ChangeAnnotation>
                {
                    [Annotation] = new() { Label = "Edit by the code model", NeedsConfirmation = true },
                }
                : null,
        };
    }
}
