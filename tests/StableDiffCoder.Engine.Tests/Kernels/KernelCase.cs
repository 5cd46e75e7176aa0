using StableDiffCoder.Engine.Kernels;

namespace StableDiffCoder.Engine.Tests.Kernels;

/// <summary>A random weight in one of the formats, with the activations to multiply it by, in native memory.</summary>
internal sealed unsafe class KernelCase : IDisposable
{
    private readonly AlignedBuffer weights = new();
    private readonly AlignedBuffer scales = new();
    private readonly AlignedBuffer activations = new();

    public KernelCase(WeightFormat format, int rows, int columns, int tokens, int seed = 1)
    {
        var random = new Random(seed);
        Tokens = tokens;
        byte* data = (byte*)weights.Reserve(((long)rows * columns) + 64);
        float* scale = scales.Reserve(((long)rows * columns / 32) + rows + 16);
        Weight = new WeightMatrix(data, rows, columns, format, format is WeightFormat.Int8 or WeightFormat.Int4 ? scale : null);
        Fill(random, data, scale);
        Input = activations.Reserve((long)tokens * columns);
        for (int i = 0; i < tokens * columns; i++)
        {
            Input[i] = (float)(random.NextDouble() * 2) - 1;
        }
    }

    public WeightMatrix Weight { get; }

    public int Tokens { get; }

    public float* Input { get; }

    /// <summary>The sum in float64, and the sum of the terms' sizes.</summary>
    public (double Sum, double Size) Expected(int row, int token)
    {
        double sum = 0;
        double size = 0;
        for (int column = 0; column < Weight.Columns; column++)
        {
            double term = (double)Weight.Element(row, column) * Input[((long)token * Weight.Columns) + column];
            sum += term;
            size += Math.Abs(term);
        }
        return (sum, size);
    }

    private void Fill(Random random, byte* data, float* scale)
    {
        for (int row = 0; row < Weight.Rows; row++)
        {
            for (int i = 0; i < Weight.RowBytes; i++)
            {
                Weight.Row(row)[i] = (byte)random.Next(256);
            }
            for (int column = 0; column < Weight.Columns; column++)
            {
                float value = (float)(random.NextDouble() * 2) - 1;
                switch (Weight.Format)
                {
                    case WeightFormat.Float32:
                        ((float*)Weight.Row(row))[column] = value;
                        break;
                    case WeightFormat.BFloat16:
                        ((ushort*)Weight.Row(row))[column] = BrainFloat.FromSingle(value);
                        break;
                    default:
                        break;
                }
            }
            if (Weight.Format == WeightFormat.Int8)
            {
                scale[row] = 0.01f + random.NextSingle();
            }
        }
        if (Weight.Format == WeightFormat.Int4)
        {
            for (int group = 0; group < Weight.Rows * (Weight.Columns / WeightMatrix.Int4Group); group++)
            {
                ((ushort*)scale)[group] = BrainFloat.FromSingle(0.01f + random.NextSingle());
            }
        }
    }

    public void Dispose()
    {
        weights.Dispose();
        scales.Dispose();
        activations.Dispose();
    }
}
