namespace StableDiffCoder.Engine.Kernels;

/// <summary>A product with one weight, and where its result goes.</summary>
/// <param name="weight">[rows, columns].</param>
/// <param name="result">[tokens, rows].</param>
internal readonly unsafe struct Product(in WeightMatrix weight, float* result)
{
    public WeightMatrix Weight { get; } = weight;

    public float* Result { get; } = result;
}

/// <summary>Products of the same activations with up to three weights, in pieces of rows: query, key and value need one pass.</summary>
internal sealed unsafe class ProductWork(ILinearKernel kernel, int threads) : ParallelWork
{
    private readonly Product[] products = new Product[3];
    private readonly int[] rowsAPiece = new int[3];
    private readonly int[] pieceEnds = new int[3];
    private int count;
    private float* prepared;
    private int tokens;
    private bool accumulate;

    /// <summary>Sets what the pieces compute.</summary>
    /// <param name="input">Activations in the order of the weights' common format.</param>
    /// <param name="tokenCount">Their number.</param>
    /// <param name="add">Add to the results.</param>
    /// <param name="all">One to three products.</param>
    public void Set(float* input, int tokenCount, bool add, ReadOnlySpan<Product> all)
    {
        prepared = input;
        tokens = tokenCount;
        accumulate = add;
        count = all.Length;
        int pieces = 0;
        for (int i = 0; i < count; i++)
        {
            products[i] = all[i];
            rowsAPiece[i] = RowPieces.RowsAPiece(all[i].Weight, threads);
            pieces += (all[i].Weight.Rows + rowsAPiece[i] - 1) / rowsAPiece[i];
            pieceEnds[i] = pieces;
        }
        Pieces = pieces;
    }

    public override void Run(int piece)
    {
        int part = 0;
        while (piece >= pieceEnds[part])
        {
            part++;
        }
        Product product = products[part];
        int first = (piece - (part == 0 ? 0 : pieceEnds[part - 1])) * rowsAPiece[part];
        int rows = Math.Min(rowsAPiece[part], product.Weight.Rows - first);
        kernel.Multiply(product.Weight, first, rows, prepared, tokens, product.Result, product.Weight.Rows, accumulate);
    }
}

/// <summary>silu(gate · x) · (up · x), in pieces of rows: what was just computed is still in the nearest cache.</summary>
internal sealed unsafe class GatedProductWork(ILinearKernel kernel, int threads) : ParallelWork
{
    private Product gate;
    private Product up;
    private int rowsAPiece;
    private float* prepared;
    private int tokens;

    /// <summary>Sets what the pieces compute.</summary>
    /// <param name="input">Activations in the order of the weights' common format.</param>
    /// <param name="tokenCount">Their number.</param>
    /// <param name="gateProduct">Its result becomes the answer.</param>
    /// <param name="upProduct">Of the same shape.</param>
    public void Set(float* input, int tokenCount, in Product gateProduct, in Product upProduct)
    {
        prepared = input;
        tokens = tokenCount;
        gate = gateProduct;
        up = upProduct;
        rowsAPiece = RowPieces.RowsAPiece(gate.Weight, threads);
        Pieces = (gate.Weight.Rows + rowsAPiece - 1) / rowsAPiece;
    }

    public override void Run(int piece)
    {
        int first = piece * rowsAPiece;
        int width = gate.Weight.Rows;
        int rows = Math.Min(rowsAPiece, width - first);
        kernel.Multiply(gate.Weight, first, rows, prepared, tokens, gate.Result, width, accumulate: false);
        kernel.Multiply(up.Weight, first, rows, prepared, tokens, up.Result, width, accumulate: false);
        for (int token = 0; token < tokens; token++)
        {
            long offset = ((long)token * width) + first;
            RowOperations.SiluMultiply(gate.Result + offset, up.Result + offset, rows);
        }
    }
}

/// <summary>How many rows one piece of a product has.</summary>
internal static class RowPieces
{
    // Large enough that taking a piece costs nothing, small enough that a thread that is held up delays little.
    private const long LargestBytes = 1 << 20;
    private const long SmallestBytes = 16 << 10;
    private const int PiecesAThread = 4;

    /// <summary>A multiple of 4.</summary>
    public static int RowsAPiece(in WeightMatrix weight, int threads)
    {
        long rowBytes = Math.Max(1, weight.RowBytes);
        long even = weight.Rows / ((long)threads * PiecesAThread);
        long rows = Math.Clamp(even, Math.Max(1, SmallestBytes / rowBytes), Math.Max(1, LargestBytes / rowBytes));
        return (int)Math.Min((rows + 3) / 4 * 4, int.MaxValue);
    }
}
